"""The command line: `python -m recommender --help`."""

from recommender.commands import main
from recommender.owner_only import owner_only

if __name__ == "__main__":
    owner_only()
    main()
