//! The promises to the user, on the real binary.

mod house;
