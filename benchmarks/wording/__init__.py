"""Parts of the benchmark of words that share no code with what they judge."""
