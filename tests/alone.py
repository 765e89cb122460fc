"""`python -m tests.alone COMMAND…`: run a command in a network namespace whose only address is this machine itself.

Run as root. Says so, and fails, when a packet could leave all the same.
"""

import errno
import fcntl
import os
import socket
import struct
import sys

CLONE_NEWNET = 0x40000000
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 0x1  # linux/sockios.h, linux/if.h
SOMEWHERE = ("192.0.2.1", 443)  # kept for documentation (RFC 5737): nobody is there, but a machine on a network tries


def enter() -> None:
    """Leave the machine's network; only the loopback interface is there, and up."""
    libc_unshare(CLONE_NEWNET)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        request = struct.pack("16sh14x", b"lo", 0)
        flags = struct.unpack("16sh14x", fcntl.ioctl(one, SIOCGIFFLAGS, request))[1]
        fcntl.ioctl(one, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", flags | IFF_UP))


def libc_unshare(flags: int) -> None:
    """os.unshare, which Python has from 3.12 on only."""
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(flags):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def has_route() -> bool:
    """Whether a packet to somewhere else would find a way out."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        try:
            one.connect(SOMEWHERE)
        except OSError as error:
            return error.errno != errno.ENETUNREACH
    return True


if __name__ == "__main__":
    enter()
    if has_route():
        sys.exit("there is a route out of this namespace")
    sys.stdout.write("no route leads out of here\n")
    sys.stdout.flush()
    os.execvp(sys.argv[1], sys.argv[1:])
