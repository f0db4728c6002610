//! The one integration binary: requests in, pages out, through the real router on a real database.

mod backup;
mod frame;
mod tidy;
mod world;
