"""The command line: `python -m recommender --help`."""

from recommender.commands import main

if __name__ == "__main__":
    main()
