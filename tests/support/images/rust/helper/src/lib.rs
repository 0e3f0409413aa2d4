// SPDX-License-Identifier: Apache-2.0
//! Something the program needs from a folder, not from a registry.

/// A version as the program prints it. Deriving needs a procedural macro, which is not in the program.
#[derive(serde::Serialize)]
pub struct Version {
    pub major: u64,
}

/// The first part of a version: "3" of "3.1.4+x".
pub fn version(text: &str) -> Version {
    let end = memchr::memchr(b'+', text.as_bytes()).unwrap_or(text.len());
    Version { major: semver::Version::parse(&text[..end]).map_or(0, |v| v.major) }
}
