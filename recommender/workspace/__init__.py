"""What outlives a visit: the library of data sets and runs, the training queue, feedback."""
