"""`python -m dialogue` is `dialogue`."""

from dialogue.cli import main

if __name__ == "__main__":
    main()
