"""`python -m recist` is the command `recist`."""

from recist.cli import main

if __name__ == "__main__":
    main()
