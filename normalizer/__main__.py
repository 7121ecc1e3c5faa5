"""``python -m normalizer`` is the same as ``normalizer``."""

from normalizer.cli import main

if __name__ == "__main__":
    main()
