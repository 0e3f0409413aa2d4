// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/walk/entry_router.hpp"
#include "base/walk/layer_facts.hpp"
#include "tests/support/catch.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bulla::test {

/// A router that keeps the files matching the globs.
inline walk::EntryRouter router_of(const std::vector<std::string>& globs,
                                   const std::vector<walk::RequiredPath>& required = {},
                                   const std::vector<walk::ScannerKind>& scanners = {}) {
    std::vector<walk::PathPattern> patterns;
    for (const auto& glob : globs) {
        patterns.push_back({glob, std::uint64_t{1} << 30U});
    }
    return value_of(walk::EntryRouter::compile(
        {.patterns = patterns, .version = "test", .scanners = scanners}, required));
}

/// The entries of a layer, written down in a test. All content given is kept.
class Layer {
  public:
    Layer& file(std::string_view path, std::string_view content) {
        entries_.push_back({walk::EntryKind::regular,
                            walk::ContentState::kept,
                            std::string(path),
                            std::string(content),
                            content.size()});
        return *this;
    }

    /// A file whose content was not asked for.
    Layer& unread(std::string_view path, std::uint64_t size) {
        return add(walk::EntryKind::regular, path, {}, size);
    }

    /// A file that a scanner, the one of that number, had something to say of.
    Layer& scanned(std::string_view path, std::string_view facts, std::uint32_t scanner = 0) {
        add(walk::EntryKind::regular, path, {}, 1000);
        entries_.back().scan = {Bytes(facts), false};
        entries_.back().scanner = scanner;
        return *this;
    }

    /// A file of which a scanner would have to see more.
    Layer& half_scanned(std::string_view path) {
        add(walk::EntryKind::regular, path, {}, 1000);
        entries_.back().scan = {{}, true};
        return *this;
    }

    /// A file that was larger than its pattern allows.
    Layer& large(std::string_view path, std::uint64_t size) {
        add(walk::EntryKind::regular, path, {}, size);
        entries_.back().state = walk::ContentState::too_large;
        return *this;
    }

    Layer& directory(std::string_view path) { return add(walk::EntryKind::directory, path); }

    Layer& symlink(std::string_view path, std::string_view target) {
        return add(walk::EntryKind::symlink, path, target);
    }

    Layer& hard_link(std::string_view path, std::string_view target) {
        return add(walk::EntryKind::hard_link, path, target);
    }

    Layer& whiteout(std::string_view path) { return add(walk::EntryKind::whiteout, path); }

    Layer& opaque(std::string_view path) { return add(walk::EntryKind::opaque, path); }

    walk::LayerFacts facts() const {
        walk::LayerFactsWriter writer;
        for (const auto& entry : entries_) {
            walk::EntryFact fact;
            fact.kind = entry.kind;
            fact.content_state = entry.state;
            fact.path = entry.path;
            fact.size = entry.size;
            if (entry.state != walk::ContentState::kept) {
                fact.target = entry.text;
                value_of(writer.add(fact));
                value_of(writer.add_scan(entry.scanner, entry.scan));
                continue;
            }
            value_of(writer.begin_content(fact));
            value_of(writer.append_content(entry.text));
            value_of(writer.end_content());
        }
        auto finished = value_of(writer.finish({}));
        return value_of(
            walk::LayerFacts::parse(std::move(finished.bytes), std::move(finished.overflow)));
    }

  private:
    struct Entry {
        walk::EntryKind kind;
        walk::ContentState state;
        std::string path;
        std::string text; ///< content or target
        std::uint64_t size;
        walk::ScanResult scan{};
        std::uint32_t scanner = 0;
    };

    Layer& add(walk::EntryKind kind,
               std::string_view path,
               std::string_view target = {},
               std::uint64_t size = 0) {
        entries_.push_back(
            {kind, walk::ContentState::none, std::string(path), std::string(target), size});
        return *this;
    }

    std::vector<Entry> entries_;
};

} // namespace bulla::test
