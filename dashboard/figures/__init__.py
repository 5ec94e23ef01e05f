"""Domain values in, figures out: nothing here knows a page, a session or a tensor."""
