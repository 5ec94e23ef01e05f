"""One contest for every model: same questions, same candidates, lists judged by one evaluator."""
