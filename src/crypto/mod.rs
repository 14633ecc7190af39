//! The protocol's cryptography: bytes in, bytes out. Randomness and time are arguments.
