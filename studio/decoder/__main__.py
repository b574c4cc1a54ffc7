"""Start the decoder process by hand; the studio itself starts it isolated (see files/reader.py)."""

from studio.decoder.process import main

if __name__ == "__main__":
    main()
