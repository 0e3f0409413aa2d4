// SPDX-License-Identifier: Apache-2.0
#include "base/core/limits.hpp"
#include "oci/layer/layer_reader.hpp"
#include "tests/support/layers.hpp"
#include "tests/support/tar_builder.hpp"
#include "tests/support/word_scanner.hpp"

#include <random>
#include <thread>

using namespace bulla;
using test::read_layer;
using test::TarBuilder;
using walk::ContentState;
using walk::EntryKind;

namespace {

/// "kind path -> target = content" for each entry.
std::vector<std::string> summary(const walk::LayerFacts& facts) {
    std::vector<std::string> lines;
    facts.for_each([&](const walk::EntryFact& fact) {
        static constexpr std::string_view letters = "fdlhcbpwo";
        std::string line(1, letters[static_cast<std::size_t>(fact.kind)]);
        line += " " + std::string(fact.path);
        line += fact.target.empty() ? "" : " -> " + std::string(fact.target);
        if (fact.content_state == ContentState::kept) {
            line += " = " + Bytes(test::value_of(facts.read_content(fact)).bytes());
        } else if (fact.content_state == ContentState::too_large) {
            line += " too large";
        }
        lines.push_back(line);
    });
    return lines;
}

using Lines = std::vector<std::string>;

std::string small_tar() {
    return TarBuilder()
        .directory("./")
        .directory("./var/lib/dpkg/")
        .file("./var/lib/dpkg/status", "Package: x\n")
        .file("./usr/bin/tool", std::string(3000, 'b'))
        .finish();
}

const Lines& small_summary() {
    static const Lines lines{
        "d var/lib/dpkg", "f var/lib/dpkg/status = Package: x\n", "f usr/bin/tool"};
    return lines;
}

const walk::EntryRouter& dpkg_router() {
    static const auto router = test::router_of({"**/lib/dpkg/status"});
    return router;
}

/// A tar of some megabytes that deflate could not shrink, so that the pipeline of threads runs.
std::string large_tar() {
    std::mt19937_64 random(3); // NOLINT(cert-msc51-cpp): the same bytes in every run
    std::string noise(3'000'000, '\0');
    for (auto& c : noise) {
        c = static_cast<char>(random());
    }
    TarBuilder tar;
    for (int i = 0; i < 20; ++i) {
        tar.file("var/lib/dpkg/status", "Package: p" + std::to_string(i));
        tar.file("noise/" + std::to_string(i), std::string_view(noise).substr(0, 200'001));
    }
    return tar.file("tail", noise).finish();
}

Error refusal(std::string_view blob) {
    return test::error_of(read_layer(blob, dpkg_router()));
}

} // namespace

TEST_CASE("layer: plain, gzip and zstd are told by their bytes and read alike", "[oci][layer]") {
    const auto tar = small_tar();
    const auto half = tar.size() / 2;
    const auto blob =
        GENERATE_COPY(std::string(tar),
                      test::gzip_stored(tar),
                      test::gzip_stored(tar.substr(0, half)) + test::gzip_stored(tar.substr(half)),
                      test::gzip_stored(tar) + std::string(100, '\0'),
                      test::zstd_raw(tar),
                      test::zstd_skippable("toc") + test::zstd_raw(tar.substr(0, half)) +
                          test::zstd_raw(tar.substr(half)) + test::zstd_skippable("end"));
    CHECK(summary(test::value_of(read_layer(blob, dpkg_router()))) == small_summary());
}

TEST_CASE("layer: a large one goes through the pipeline and comes out the same", "[oci][layer]") {
    const auto tar = large_tar();
    const auto blob = GENERATE_COPY(std::string(tar), test::gzip_stored(tar), test::zstd_raw(tar));
    auto job = test::job_for(blob);
    job.diff_id = crypto::digest(tar);
    job.diff_id_check = oci::DiffIdCheck::verify;
    const auto facts = test::value_of(read_layer(std::move(job), dpkg_router()));
    const auto lines = summary(facts);
    REQUIRE(lines.size() == 41);
    CHECK(lines[38] == "f var/lib/dpkg/status = Package: p19");
    CHECK(facts.diff_id_hash() == crypto::hash(HashAlgorithm::sha256, tar));
}

TEST_CASE("layer: an empty blob and an empty tar have no entries", "[oci][layer]") {
    const auto blob = GENERATE(
        std::string(), std::string(1024, '\0'), test::gzip_stored(std::string(1024, '\0')));
    CHECK(test::value_of(read_layer(blob, dpkg_router())).size() == 0);
}

TEST_CASE("layer: a blob comes through a pipe in small pieces as well", "[oci][layer]") {
    const auto blob = test::gzip_stored(small_tar());
    std::array<int, 2> ends{};
    REQUIRE(pipe(ends.data()) == 0);
    std::thread writer([&] {
        FileDescriptor end(ends[1]);
        for (std::size_t at = 0; at < blob.size(); at += 97) {
            (void)write_all(end.value(), ByteView(blob).substr(at, 97));
        }
    });
    auto job = test::job_for(blob);
    job.blob = FileDescriptor(ends[0]);
    auto facts = read_layer(std::move(job), dpkg_router());
    writer.join();
    CHECK(summary(test::value_of(std::move(facts))) == small_summary());
}

TEST_CASE("layer: a wrong digest is integrity and gives no facts", "[oci][layer]") {
    const auto tar = GENERATE(small_tar(), large_tar());
    auto job = test::job_for(test::gzip_stored(tar));
    job.blob_digest = crypto::digest("something else");
    const auto error = test::error_of(read_layer(std::move(job), dpkg_router()));
    CHECK(error.code == ErrorCode::integrity);
    CHECK(error.context.size() == 3); // expected, found, layer
}

TEST_CASE("layer: bytes that trail the blob are integrity", "[oci][layer]") {
    const auto blob = test::gzip_stored(small_tar());
    auto job = test::job_for(blob);
    job.blob = test::file_with(blob + "x");
    CHECK(test::error_of(read_layer(std::move(job), dpkg_router())).code == ErrorCode::integrity);
}

TEST_CASE("layer: cut off anywhere it is integrity, not half a layer", "[oci][layer]") {
    const auto blob = GENERATE(test::gzip_stored(TarBuilder().file("a", "hello").finish()),
                               TarBuilder().file("a", "hello").finish());
    for (std::size_t size = 0; size < blob.size(); ++size) {
        auto job = test::job_for(blob);
        job.blob = test::file_with(ByteView(blob).substr(0, size));
        CAPTURE(size);
        REQUIRE(test::error_of(read_layer(std::move(job), dpkg_router())).code ==
                ErrorCode::integrity);
    }
}

TEST_CASE("layer: a compressed stream cut off anywhere is malformed though its digest holds",
          "[oci][layer]") {
    const auto tar = TarBuilder().file("a", "hello").finish();
    const auto blob = GENERATE_COPY(test::gzip_stored(tar), test::zstd_raw(tar));
    for (std::size_t size = 4; size < blob.size(); ++size) {
        CAPTURE(size);
        REQUIRE(refusal(blob.substr(0, size)).code == ErrorCode::malformed);
    }
}

TEST_CASE("layer: a damaged blob is reported as such, not as a bad archive", "[oci][layer]") {
    const auto tar = GENERATE(small_tar(), large_tar());
    auto blob = test::gzip_stored(tar);
    auto job = test::job_for(blob);
    blob[blob.size() / 3] = static_cast<char>(blob[blob.size() / 3] ^ 0x10);
    job.blob = test::file_with(blob);
    CHECK(test::error_of(read_layer(std::move(job), dpkg_router())).code == ErrorCode::integrity);
}

TEST_CASE("layer: an archive that is bad in a good blob is malformed", "[oci][layer]") {
    auto tar = GENERATE(small_tar(), large_tar());
    tar[3] = static_cast<char>(tar[3] ^ 1); // the first header's checksum no longer fits
    const auto blob = GENERATE_COPY(std::string(tar), test::gzip_stored(tar));
    CHECK(refusal(blob).code == ErrorCode::malformed);
}

TEST_CASE("layer: xz and bzip2 are refused by name", "[oci][layer]") {
    const auto error = refusal(std::string("\xfd"
                                           "7zXZ\0\0\4",
                                           8) +
                               std::string(100, 'x'));
    CHECK(error.code == ErrorCode::unsupported);
    CHECK_THAT(error.message, Catch::Contains("xz"));
}

TEST_CASE("layer: what is neither compressed nor tar is malformed", "[oci][layer]") {
    CHECK(refusal(std::string(4096, 'x')).code == ErrorCode::malformed);
    CHECK(refusal("<html>").code == ErrorCode::malformed);
}

TEST_CASE("layer: a wrong diff_id is refused under verify and not looked at under trust",
          "[oci][layer]") {
    const auto tar = small_tar();
    const auto blob = GENERATE_COPY(std::string(tar), test::gzip_stored(tar));
    const auto job = [&](oci::DiffIdCheck check) {
        auto made = test::job_for(blob);
        made.diff_id = crypto::digest("another tar");
        made.diff_id_check = check;
        return made;
    };
    const auto error = test::error_of(read_layer(job(oci::DiffIdCheck::verify), dpkg_router()));
    CHECK(error.code == ErrorCode::integrity);
    CHECK_THAT(error.message, Catch::Contains("diff_id"));
    CHECK(read_layer(job(oci::DiffIdCheck::trust), dpkg_router()).has_value());
}

TEST_CASE("layer: data behind the end of the archive counts for the diff_id", "[oci][layer]") {
    const auto tar = small_tar() + "hidden";
    auto job = test::job_for(test::gzip_stored(tar));
    job.diff_id = crypto::digest(tar);
    job.diff_id_check = oci::DiffIdCheck::verify;
    const auto facts = test::value_of(read_layer(std::move(job), dpkg_router()));
    CHECK(facts.notes().size() == 1);
}

TEST_CASE("layer: SHA-512 digests are checked as well", "[oci][layer]") {
    const auto blob = test::gzip_stored(small_tar());
    auto job = test::job_for(blob);
    job.blob_digest = crypto::digest(blob, HashAlgorithm::sha512);
    job.diff_id = crypto::digest(small_tar(), HashAlgorithm::sha512);
    job.diff_id_check = oci::DiffIdCheck::verify;
    CHECK(read_layer(std::move(job), dpkg_router()).has_value());
    job = test::job_for(blob);
    job.blob_digest = crypto::digest("x", HashAlgorithm::sha512);
    CHECK(test::error_of(read_layer(std::move(job), dpkg_router())).code == ErrorCode::integrity);
}

TEST_CASE("layer: a file beyond its pattern's bound is told apart from one nobody wants",
          "[oci][layer]") {
    const std::vector<walk::PathPattern> patterns{{"a", 4}};
    const auto router =
        test::value_of(walk::EntryRouter::compile({.patterns = patterns, .version = "1"}));
    const auto tar = TarBuilder().file("a", "12345").file("b", "1").file("./a", "1234").finish();
    CHECK(summary(test::value_of(read_layer(tar, router))) ==
          Lines{"f a too large", "f b", "f a = 1234"});
}

TEST_CASE("layer: a file goes through the scanners that want it, kept or not", "[oci][layer]") {
    const auto router = test::router_of({"keep.words"}, {}, {test::word_scanner()});
    const std::string long_text = "#words " + std::string(2000, 'x');
    const auto tar = TarBuilder()
                         .file("a.words", "alpha beta")
                         .file("empty.words")
                         .file("keep.words", "kept word")
                         .file("usr/bin/x", long_text)
                         .file("usr/bin/short", "#words") // too short to be told by its head
                         .file("usr/bin/y", "#Words" + std::string(2000, 'x'))
                         .hard_link("h.words", "a.words")
                         .finish();
    const auto facts = test::value_of(read_layer(tar, router));
    CHECK(summary(facts) == Lines{"f a.words",
                                  "f empty.words",
                                  "f keep.words = kept word",
                                  "f usr/bin/x",
                                  "f usr/bin/short",
                                  "f usr/bin/y",
                                  "h h.words -> a.words"});
    Lines scans;
    facts.for_each_scan([&](const walk::ScanFact& scan) {
        scans.push_back(std::to_string(scan.entry) + " " +
                        Bytes(test::value_of(facts.read_scan(scan)).bytes()));
    });
    CHECK(scans == Lines{"0 10:alpha", "2 9:kept", "3 2007:#words"});
}

TEST_CASE("layer: names are normalised, and held back at the root with a remark", "[oci][layer]") {
    const auto tar = TarBuilder()
                         .file("/etc//a")
                         .file("../../x")
                         .file("usr/../../y")
                         .hard_link("./h", "/etc/./a")
                         .symlink("s", "/../..")
                         .file("caf\xe9")
                         .finish();
    const auto facts = test::value_of(read_layer(tar, dpkg_router()));
    CHECK(summary(facts) ==
          Lines{"f etc/a", "f x", "f y", "h h -> etc/a", "l s -> /../..", "f caf\xe9"});
    CHECK(facts.notes().size() == 2);
}

TEST_CASE("layer: whiteouts and opaque markers are told by their exact names", "[oci][layer]") {
    const auto tar = TarBuilder()
                         .file("a/.wh.gone")
                         .file("a/.wh..wh..opq")
                         .file(".wh..wh..opq")
                         .file("a/.wh..wh..opqX")
                         .directory(".wh.folder/")
                         .file("a/x.wh.y")
                         .finish();
    CHECK(summary(test::value_of(read_layer(tar, dpkg_router()))) ==
          Lines{"w a/gone", "o a", "o ", "w a/.wh..opqX", "w folder", "f a/x.wh.y"});
}

TEST_CASE("layer: a whiteout that names nothing, or the folder above, is refused", "[oci][layer]") {
    const auto name = GENERATE("a/.wh.", "a/.wh..", "a/.wh...");
    CAPTURE(name);
    CHECK(refusal(TarBuilder().file(name).finish()).code == ErrorCode::malformed);
}

TEST_CASE("layer: a root that is no folder is refused", "[oci][layer]") {
    CHECK(refusal(TarBuilder().symlink("./", "/host").finish()).code == ErrorCode::malformed);
    CHECK(refusal(TarBuilder().file("..").finish()).code == ErrorCode::malformed);
    CHECK(refusal(TarBuilder().hard_link("x", "/").finish()).code == ErrorCode::malformed);
}

TEST_CASE("layer: a path longer than PATH_MAX is refused", "[oci][layer]") {
    const std::string name(limits::kPathBytes + 1, 'n');
    CHECK(refusal(TarBuilder().pax({{"path", name}}).file("x").finish()).code ==
          ErrorCode::limit_exceeded);
}

TEST_CASE("layer: an archive that inflates without measure is refused", "[oci][layer]") {
    // zstd blocks of one repeated byte: 4 bytes become 128 KiB, 32768 to 1.
    std::string blob("\x28\xb5\x2f\xfd\x00\x50", 6);
    for (int i = 0; i < 900; ++i) {
        const std::uint32_t head = (128U * 1024U) << 3U | 1U << 1U;
        blob += static_cast<char>(head);
        blob += static_cast<char>(head >> 8U);
        blob += static_cast<char>(head >> 16U);
        blob += '\0';
    }
    CHECK(refusal(blob).code == ErrorCode::limit_exceeded);
}

TEST_CASE("layer: holes of kept sparse files are bounded", "[oci][layer]") {
    const auto size = std::to_string(limits::kSparseHoleBytes + 1);
    const auto tar = TarBuilder()
                         .pax({{"GNU.sparse.size", size}, {"GNU.sparse.map", "0,0"}})
                         .file("var/lib/dpkg/status")
                         .finish();
    CHECK(refusal(tar).code == ErrorCode::limit_exceeded);
}

TEST_CASE("layer: large kept files leave the memory", "[oci][layer]") {
    const std::string status(limits::kKeptInMemoryBytes + 5, 's');
    const auto facts = test::value_of(read_layer(
        test::gzip_stored(TarBuilder().file("lib/dpkg/status", status).finish()), dpkg_router()));
    CHECK(facts.bytes().size() < 4096);
    CHECK(facts.overflow_size() == status.size());
    CHECK((summary(facts) == Lines{"f lib/dpkg/status = " + status}));
}

/// A job for a blob that stands in the middle of a file, the descriptor's position elsewhere.
oci::LayerJob part_job(std::string_view before, std::string_view blob, std::string_view after) {
    oci::LayerJob job{
        .blob = test::file_with(std::string(before) + std::string(blob) + std::string(after)),
        .blob_digest = crypto::digest(blob),
        .blob_size = blob.size()};
    job.blob_offset = before.size();
    return job;
}

TEST_CASE("layer: a part of a file is read by position and ends with its size", "[oci][layer]") {
    for (const std::string& blob : {small_tar(), test::gzip_stored(small_tar())}) {
        const auto facts =
            test::value_of(read_layer(part_job("before", blob, "after"), dpkg_router()));
        CHECK(summary(facts) == small_summary());
    }
    const auto large = large_tar();
    CHECK(read_layer(part_job("x", test::gzip_stored(large), "y"), dpkg_router()).has_value());
}

TEST_CASE("layer: several jobs share what one descriptor stands for", "[oci][layer]") {
    const auto first = test::gzip_stored(large_tar());
    const auto second = test::gzip_stored(small_tar());
    auto file = test::file_with(first + second);
    const auto job_at = [&](std::uint64_t offset, std::string_view blob) {
        oci::LayerJob job{.blob = test::value_of(duplicate(file.value())),
                          .blob_digest = crypto::digest(blob),
                          .blob_size = blob.size()};
        job.blob_offset = offset;
        return job;
    };
    auto one = job_at(0, first);
    auto two = job_at(first.size(), second);
    bool read = false;
    std::thread other([&] { read = read_layer(std::move(one), dpkg_router()).has_value(); });
    auto facts = read_layer(std::move(two), dpkg_router());
    other.join();
    CHECK(read);
    CHECK(summary(test::value_of(std::move(facts))) == small_summary());
}

TEST_CASE("layer: a part of a file that lies or is cut off is refused", "[oci][layer]") {
    const auto blob = small_tar();
    auto moved = part_job("before", blob, "after");
    ++*moved.blob_offset;
    CHECK(test::error_of(read_layer(std::move(moved), dpkg_router())).code == ErrorCode::integrity);
    auto cut = part_job("before", blob, "");
    *cut.blob_offset += 512;
    CHECK(test::error_of(read_layer(std::move(cut), dpkg_router())).code == ErrorCode::integrity);
}
