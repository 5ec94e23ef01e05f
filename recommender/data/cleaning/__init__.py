"""Raw tables to clean ones: roles, types, repairs, and the problems found."""
