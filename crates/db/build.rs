//! The migrations are compiled in, but a new file among them is nothing that cargo sees by itself.

fn main() {
    println!("cargo::rerun-if-changed=migrations");
}
