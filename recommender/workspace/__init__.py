"""What outlives a visit: the library of data sets and runs, and the training jobs."""
