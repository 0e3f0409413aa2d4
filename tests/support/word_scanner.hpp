// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/walk/entry_scanner.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace bulla::test {

/// A scanner for tests: wants files named *.words, and files that begin with "#words" whatever
/// their name. Its facts are the file's announced size, and the first word of its content; a file
/// that holds "look back" is one of those that a passing look is not enough for.
class WordScanner final : public walk::EntryScanner {
  public:
    WordScanner(std::uint64_t size, walk::ScanEffort effort) : size_(size), effort_(effort) {}

    Status feed(ByteView piece) override {
        content_ += piece;
        return ok();
    }

    Result<walk::ScanResult> finish() override {
        const bool thorough = effort_ == walk::ScanEffort::thorough;
        if (!thorough && content_.find("look back") != Bytes::npos) {
            return walk::ScanResult{.incomplete = true};
        }
        const auto word = content_.substr(0, content_.find_first_of(" \n"));
        return walk::ScanResult{
            .facts = word.empty() ? "" : std::to_string(size_) + (thorough ? "!" : ":") + word};
    }

  private:
    std::uint64_t size_;
    walk::ScanEffort effort_;
    Bytes content_;
};

inline walk::ScannerKind word_scanner(std::uint32_t version = 1) {
    static constexpr std::array<std::string_view, 1> globs{"**/*.words"};
    return {.id = "words",
            .version = version,
            .globs = globs,
            .recognises = [](ByteView head) { return head.starts_with("#words"); },
            .make = [](std::uint64_t size,
                       walk::ScanEffort effort) -> std::unique_ptr<walk::EntryScanner> {
                return std::make_unique<WordScanner>(size, effort);
            }};
}

} // namespace bulla::test
