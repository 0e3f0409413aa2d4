// SPDX-License-Identifier: Apache-2.0
//! Needs a crate while it builds and puts nothing of it into the program.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let _ = cc::Build::new();
}
