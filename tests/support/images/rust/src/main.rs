// SPDX-License-Identifier: Apache-2.0
//! A program for the tests: small, and with dependencies that are really linked.

fn main() {
    let input = std::env::args().nth(1).unwrap_or_default();
    let words = regex::Regex::new(r"\w+").map_or(0, |r| r.find_iter(&input).count());
    let mut buffer = itoa::Buffer::new();
    let answer = serde_json::json!({ "words": buffer.format(words), "version": helper::version(&input) });
    println!("{answer}");
}
