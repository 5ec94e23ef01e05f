"""The process that waits for files to read, and makes another of itself for each of them.

It has loaded what reading needs, holds nothing of anybody's, and ends with whoever started it.
"""

from __future__ import annotations

import os
import signal
import socket
import sys

from recommender.confined import MOST_FILES
from recommender.data.reading.process_client import serve


def main(descriptor: int) -> None:
    """Serve what comes through the socket, until its other end is closed."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # those that have ended need no burial
    with socket.socket(fileno=descriptor) as asked:
        while True:
            said, files, _flags, _address = socket.recv_fds(asked, 1, MOST_FILES)
            if not said:
                return
            if os.fork() == 0:
                asked.close()
                try:
                    serve(files[1:], files[0])
                finally:
                    os._exit(0)  # it ends here, whatever happened
            for file in files:
                os.close(file)


if __name__ == "__main__":
    main(int(sys.argv[1]))
