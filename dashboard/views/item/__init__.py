"""The page Product."""
