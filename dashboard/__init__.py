"""The pages: they select, fetch and draw; what they show is computed in `recommender`."""
