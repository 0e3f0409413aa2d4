// SPDX-License-Identifier: Apache-2.0
#include "base/core/limits.hpp"
#include "base/crypto/hasher.hpp"
#include "base/walk/layer_facts.hpp"
#include "base/walk/path.hpp"
#include "tests/support/catch.hpp"

#include <unistd.h>

using namespace bulla;
using walk::ContentState;
using walk::EntryFact;
using walk::EntryKind;
using walk::LayerFacts;
using walk::LayerFactsWriter;

namespace {

EntryFact fact_of(EntryKind kind, std::string_view path, std::string_view target = {}) {
    EntryFact fact;
    fact.kind = kind;
    fact.path = path;
    fact.target = target;
    return fact;
}

void add_file(LayerFactsWriter& writer, std::string_view path, std::string_view content) {
    auto fact = fact_of(EntryKind::regular, path);
    fact.size = content.size();
    test::value_of(writer.begin_content(fact));
    test::value_of(writer.append_content(content.substr(0, content.size() / 2)));
    test::value_of(writer.append_content(content.substr(content.size() / 2)));
    test::value_of(writer.end_content());
}

Bytes sample_bytes() {
    LayerFactsWriter writer;
    test::value_of(writer.add(fact_of(EntryKind::directory, "usr/lib")));
    add_file(writer, "usr/lib/os-release", "ID=debian\n");
    test::value_of(writer.add_scan(0, {.facts = "zero"}));
    test::value_of(writer.add_scan(3, {.facts = "three", .incomplete = true}));
    test::value_of(writer.add(fact_of(EntryKind::symlink, "usr/lib64", "../lib")));
    test::value_of(writer.add(fact_of(EntryKind::hard_link, "usr/x", "usr/lib/os-release")));
    test::value_of(writer.add(fact_of(EntryKind::opaque, "")));
    test::value_of(writer.add(fact_of(EntryKind::whiteout, "var/gone")));
    auto large = fact_of(EntryKind::regular, "var/large");
    large.size = 1'000'000'000'000;
    large.content_state = ContentState::too_large;
    test::value_of(writer.add(large));
    test::value_of(writer.add_scan(0, {})); // nothing to remember
    test::value_of(writer.add_scan(1, {.incomplete = true}));
    writer.note("odd");
    return test::value_of(writer.finish({})).bytes;
}

struct Seen {
    EntryKind kind;
    ContentState state;
    std::string path;
    std::string target;
    std::uint64_t size;
    std::string content;

    friend bool operator==(const Seen&, const Seen&) = default;
};

std::vector<Seen> entries_of(const LayerFacts& facts) {
    std::vector<Seen> seen;
    facts.for_each([&](const EntryFact& fact) {
        std::string content;
        if (fact.content_state == ContentState::kept) {
            content = Bytes(test::value_of(facts.read_content(fact)).bytes());
        }
        seen.push_back({fact.kind,
                        fact.content_state,
                        std::string(fact.path),
                        std::string(fact.target),
                        fact.size,
                        content});
    });
    return seen;
}

std::vector<std::string> scans_of(const LayerFacts& facts) {
    std::vector<std::string> lines;
    facts.for_each_scan([&](const walk::ScanFact& scan) {
        lines.push_back(std::to_string(scan.entry) + " by " + std::to_string(scan.scanner) +
                        (scan.incomplete ? " incomplete: " : ": ") +
                        Bytes(test::value_of(facts.read_scan(scan)).bytes()));
    });
    return lines;
}

} // namespace

TEST_CASE("layer facts: what was written is read back, in order", "[walk][facts]") {
    const auto facts = test::value_of(LayerFacts::parse(sample_bytes(), {}));
    CHECK(facts.size() == 7);
    CHECK(facts.notes() == std::vector<std::string>{"odd"});
    CHECK(facts.diff_id_hash().empty());
    CHECK(facts.overflow() == -1);
    const std::vector<Seen> expected{
        {EntryKind::directory, ContentState::none, "usr/lib", "", 0, ""},
        {EntryKind::regular, ContentState::kept, "usr/lib/os-release", "", 10, "ID=debian\n"},
        {EntryKind::symlink, ContentState::none, "usr/lib64", "../lib", 0, ""},
        {EntryKind::hard_link, ContentState::none, "usr/x", "usr/lib/os-release", 0, ""},
        {EntryKind::opaque, ContentState::none, "", "", 0, ""},
        {EntryKind::whiteout, ContentState::none, "var/gone", "", 0, ""},
        {EntryKind::regular, ContentState::too_large, "var/large", "", 1'000'000'000'000, ""}};
    CHECK((entries_of(facts) == expected));
    CHECK(scans_of(facts) == std::vector<std::string>{"1 by 0: zero",
                                                      "1 by 3 incomplete: three",
                                                      "6 by 1 incomplete: "});
}

TEST_CASE("layer facts: large facts of a scanner lie in the overflow file", "[walk][facts]") {
    LayerFactsWriter writer;
    const std::string large(limits::kKeptInMemoryBytes, 'L');
    add_file(writer, "a", "small");
    test::value_of(writer.add_scan(0, {.facts = large}));
    add_file(writer, "b", "small too");
    test::value_of(writer.add_scan(0, {.facts = "b"}));
    auto finished = test::value_of(writer.finish({}));
    CHECK(finished.bytes.size() < 1000);
    const auto facts =
        test::value_of(LayerFacts::parse(finished.bytes, std::move(finished.overflow)));
    CHECK(facts.overflow_size() == large.size());
    CHECK((scans_of(facts) == std::vector<std::string>{"0 by 0: " + large, "1 by 0: b"}));
}

TEST_CASE("layer facts: more than a scanner may say of one file is refused", "[walk][facts]") {
    LayerFactsWriter writer;
    add_file(writer, "a", "");
    CHECK(test::error_of(writer.add_scan(0, {.facts = Bytes(limits::kScanFactsBytes + 1, 'x')}))
              .code == ErrorCode::limit_exceeded);
}

TEST_CASE("layer facts: scans of no entry, or out of order, are refused", "[walk][facts]") {
    const auto with_scans = [](std::string_view scans) {
        LayerFactsWriter writer;
        test::value_of(writer.add(fact_of(EntryKind::directory, "a")));
        test::value_of(writer.add(fact_of(EntryKind::directory, "b")));
        Bytes bytes = test::value_of(writer.finish({})).bytes;
        // The scans stand last where there is no content (layer_facts_format.hpp).
        bytes[32] = static_cast<char>(scans.size());
        return LayerFacts::parse(bytes + Bytes(scans), {}).has_value();
    };
    using namespace std::string_view_literals;
    // distance, scanner, flags, size, offset
    CHECK(with_scans("\1\0\1\0\0"sv));
    CHECK(with_scans("\0\0\1\0\0\0\1\1\0\0"sv));
    CHECK_FALSE(with_scans("\2\0\1\0\0"sv));           // the third of two entries
    CHECK_FALSE(with_scans("\0\1\1\0\0\0\1\1\0\0"sv)); // twice the same
    CHECK_FALSE(with_scans("\0\1\1\0\0\0\0\1\0\0"sv)); // descending
    CHECK_FALSE(with_scans("\0\x20\1\0\0"sv));         // no such scanner
    CHECK_FALSE(with_scans("\0\0\0\1\0"sv));           // a byte that is not there
}

TEST_CASE("layer facts: the diff_id's hash is carried", "[walk][facts]") {
    LayerFactsWriter writer;
    const Bytes hash(32, 'h');
    const auto finished = test::value_of(writer.finish(hash));
    const auto facts = test::value_of(LayerFacts::parse(finished.bytes, {}));
    CHECK(facts.diff_id_hash() == hash);
}

TEST_CASE("layer facts: large content goes to an unlinked file and is read from there",
          "[walk][facts]") {
    LayerFactsWriter writer;
    const std::string large(limits::kKeptInMemoryBytes + 1, 'L');
    add_file(writer, "a", "small");
    add_file(writer, "b", large);
    add_file(writer, "c", "small too");
    auto finished = test::value_of(writer.finish({}));
    CHECK(finished.bytes.size() < 1000);
    REQUIRE(finished.overflow.is_open());
    const auto facts =
        test::value_of(LayerFacts::parse(finished.bytes, std::move(finished.overflow)));
    CHECK(facts.overflow_size() == large.size());
    CHECK(facts.overflow_hash() == crypto::hash(HashAlgorithm::sha256, large));
    const auto seen = entries_of(facts);
    REQUIRE(seen.size() == 3);
    CHECK(seen[0].content == "small");
    CHECK((seen[1].content == large));
    CHECK(seen[2].content == "small too");
}

TEST_CASE("layer facts: a missing or shorter overflow file is refused", "[walk][facts]") {
    LayerFactsWriter writer;
    add_file(writer, "b", std::string(limits::kKeptInMemoryBytes + 1, 'L'));
    auto finished = test::value_of(writer.finish({}));
    CHECK(test::error_of(LayerFacts::parse(finished.bytes, {})).code == ErrorCode::malformed);
    REQUIRE(ftruncate(finished.overflow.value(), 100) == 0);
    CHECK(test::error_of(LayerFacts::parse(finished.bytes, std::move(finished.overflow))).code ==
          ErrorCode::malformed);
}

TEST_CASE("layer facts: cut off anywhere or with a byte more they are refused", "[walk][facts]") {
    const auto bytes = sample_bytes();
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        CAPTURE(size);
        REQUIRE(test::error_of(LayerFacts::parse(bytes.substr(0, size), {})).code ==
                ErrorCode::malformed);
    }
    CHECK(test::error_of(LayerFacts::parse(bytes + "x", {})).code == ErrorCode::malformed);
}

TEST_CASE("layer facts: any changed byte is refused or read without a fault", "[walk][facts]") {
    const auto bytes = sample_bytes();
    for (std::size_t at = 0; at < bytes.size(); ++at) {
        for (const unsigned flip : {0x01U, 0x80U, 0xFFU}) {
            auto changed = bytes;
            changed[at] = static_cast<char>(static_cast<unsigned char>(changed[at]) ^ flip);
            const auto facts = LayerFacts::parse(changed, {});
            if (facts) {
                for (const auto& entry : entries_of(*facts)) {
                    REQUIRE((entry.path.empty() || walk::is_normalised(entry.path)));
                }
            }
        }
    }
}

TEST_CASE("layer facts: a path with .. in it is refused", "[walk][facts]") {
    LayerFactsWriter writer;
    test::value_of(writer.add(fact_of(EntryKind::directory, "usr/../etc")));
    CHECK(test::error_of(LayerFacts::parse(test::value_of(writer.finish({})).bytes, {})).code ==
          ErrorCode::malformed);
}

TEST_CASE("layer facts: a path that becomes .. through a shared prefix is refused",
          "[walk][facts]") {
    LayerFactsWriter writer;
    test::value_of(writer.add(fact_of(EntryKind::directory, "usr/.x")));
    test::value_of(writer.add(fact_of(EntryKind::directory, "usr/..")));
    CHECK(test::error_of(LayerFacts::parse(test::value_of(writer.finish({})).bytes, {})).code ==
          ErrorCode::malformed);
}

TEST_CASE("layer facts: a path longer than PATH_MAX is refused when it is written",
          "[walk][facts]") {
    LayerFactsWriter writer;
    const std::string longest(limits::kPathBytes, 'p');
    test::value_of(writer.add(fact_of(EntryKind::directory, longest)));
    CHECK(test::error_of(writer.add(fact_of(EntryKind::directory, longest + "p"))).code ==
          ErrorCode::limit_exceeded);
}

TEST_CASE("layer facts: at most 64 remarks are kept, and the rest is counted", "[walk][facts]") {
    LayerFactsWriter writer;
    for (int i = 0; i < 100; ++i) {
        writer.note("remark");
    }
    const auto facts =
        test::value_of(LayerFacts::parse(test::value_of(writer.finish({})).bytes, {}));
    REQUIRE(facts.notes().size() == 64);
    CHECK(facts.notes().back() == "37 more remarks are not shown");
}

TEST_CASE("paths: names are brought into one form", "[walk][path]") {
    struct Row {
        const char* name;
        const char* path;
        bool inside;
    };

    const auto row = GENERATE(Row{"./usr/bin/", "usr/bin", true},
                              Row{"/usr//bin/.", "usr/bin", true},
                              Row{"usr/../etc", "etc", true},
                              Row{"../../x", "x", false},
                              Row{"a/../../x", "x", false},
                              Row{".", "", true},
                              Row{"", "", true},
                              Row{"a/..", "", true},
                              Row{"..a/b..", "..a/b..", true});
    std::string path;
    CHECK(walk::normalise_path(row.name, path) == row.inside);
    CHECK(path == row.path);
}
