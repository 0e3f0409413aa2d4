// SPDX-License-Identifier: Apache-2.0
#include "base/core/limits.hpp"
#include "oci/rootfs/merged_rootfs.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/facts.hpp"
#include "tests/support/word_scanner.hpp"

#include <algorithm>

using namespace bulla;
using oci::MergedRootfs;
using test::Layer;
using walk::EntryKind;

namespace {

MergedRootfs merge(const std::vector<Layer>& layers) {
    std::vector<walk::LayerFacts> facts;
    std::vector<std::string> names;
    for (const auto& layer : layers) {
        facts.push_back(layer.facts());
        names.push_back("layer" + std::to_string(names.size()));
    }
    return test::value_of(MergedRootfs::merge(std::move(facts), std::move(names)));
}

using Lines = std::vector<std::string>;

/// "path = content @layer" of every file that matches.
Lines files(const MergedRootfs& rootfs, std::string_view glob = "**/*") {
    Lines lines;
    rootfs.for_each_match(glob, [&](const FileEntry& file) {
        const auto content = rootfs.read(file);
        lines.push_back(file.path + " = " +
                        (content ? Bytes(content->bytes()) : Bytes("(not kept)")) + " @" +
                        std::to_string(file.layer));
    });
    return lines;
}

std::string path_of(const std::optional<FileEntry>& entry) {
    return entry ? entry->path : "(nothing)";
}

} // namespace

TEST_CASE("rootfs: upper layers add to and replace what lower ones brought", "[oci][rootfs]") {
    const auto rootfs = merge({Layer().directory("etc").file("etc/a", "1").file("etc/b", "1"),
                               Layer().file("etc/b", "2").file("opt/c", "2")});
    CHECK(files(rootfs) == Lines{"etc/a = 1 @0", "etc/b = 2 @1", "opt/c = 2 @1"});
    CHECK(rootfs.size() == 5);
    CHECK(rootfs.layers() == Lines{"layer0", "layer1"});
}

TEST_CASE("rootfs: a whiteout hides lower layers only, wherever it stands", "[oci][rootfs]") {
    const auto base = Layer().file("d/a", "1").file("d/b", "1");
    CHECK(files(merge({base, Layer().whiteout("d/a")})) == Lines{"d/b = 1 @0"});
    CHECK(files(merge({base, Layer().whiteout("d/a").file("d/a", "2")})) ==
          Lines{"d/a = 2 @1", "d/b = 1 @0"});
    CHECK(files(merge({base, Layer().file("d/a", "2").whiteout("d/a")})) ==
          Lines{"d/a = 2 @1", "d/b = 1 @0"});
}

TEST_CASE("rootfs: a whiteout of a folder hides all below it but this layer's own",
          "[oci][rootfs]") {
    const auto base = Layer().file("d/sub/a", "1").file("d/b", "1").file("e", "1");
    CHECK(files(merge({base, Layer().whiteout("d")})) == Lines{"e = 1 @0"});
    CHECK_FALSE(merge({base, Layer().whiteout("d")}).find("d/sub"));
    CHECK(files(merge({base, Layer().file("d/sub/new", "2").whiteout("d")})) ==
          Lines{"d/sub/new = 2 @1", "e = 1 @0"});
    CHECK(files(merge({base, Layer().whiteout("d").file("d/sub/new", "2")})) ==
          Lines{"d/sub/new = 2 @1", "e = 1 @0"});
}

TEST_CASE("rootfs: an opaque folder shows this layer's children only, in any order",
          "[oci][rootfs]") {
    const auto base = Layer().file("d/a", "1").file("d/s/b", "1").file("e", "1");
    const Lines expected{"d/new = 2 @1", "e = 1 @0"};
    CHECK(files(merge({base, Layer().directory("d").opaque("d").file("d/new", "2")})) == expected);
    CHECK(files(merge({base, Layer().file("d/new", "2").opaque("d")})) == expected);
    CHECK(merge({base, Layer().opaque("d")}).find("d").has_value());
    CHECK(files(merge({base, Layer().opaque("")})).empty());
}

TEST_CASE("rootfs: an opaque marker clears the folder it names, never a symlink's target",
          "[oci][rootfs]") {
    const auto base = Layer().file("usr/bin/tool", "1").symlink("bin", "usr/bin");
    CHECK(files(merge({base, Layer().opaque("bin")})) == Lines{"usr/bin/tool = 1 @0"});
    CHECK(files(merge({base, Layer().opaque("bin").directory("bin")})) ==
          Lines{"usr/bin/tool = 1 @0"});
    CHECK(files(merge({base, Layer().directory("bin").opaque("bin").file("bin/x", "2")})) ==
          Lines{"bin/x = 2 @1", "usr/bin/tool = 1 @0"});
}

TEST_CASE("rootfs: markers in the lowest layer are not files", "[oci][rootfs]") {
    const auto rootfs = merge({Layer().whiteout("a").opaque("d").file("b", "1")});
    CHECK(files(rootfs) == Lines{"b = 1 @0"});
    CHECK(rootfs.size() == 1);
}

TEST_CASE("rootfs: a change of type drops what was below", "[oci][rootfs]") {
    const auto folder = Layer().directory("x").file("x/a", "1");
    const auto rootfs = merge({folder, Layer().file("x", "2")});
    CHECK(files(rootfs) == Lines{"x = 2 @1"});
    const auto again = merge({folder, Layer().file("x", "2"), Layer().file("x/b", "3")});
    CHECK(files(again) == Lines{"x/b = 3 @2"});
    const auto link = merge({folder, Layer().symlink("x", "y"), Layer().directory("x")});
    CHECK(files(link).empty());
    CHECK(link.size() == 1);
}

TEST_CASE("rootfs: a folder over a folder keeps its children", "[oci][rootfs]") {
    CHECK(files(merge({Layer().file("d/a", "1"), Layer().directory("d")})) == Lines{"d/a = 1 @0"});
}

TEST_CASE("rootfs: of one path twice in a layer the last stands", "[oci][rootfs]") {
    CHECK(files(merge({Layer().file("a", "first").file("b", "x").file("a", "last")})) ==
          Lines{"a = last @0", "b = x @0"});
    CHECK(files(merge({Layer().file("d/a", "1").file("d", "2")})) == Lines{"d = 2 @0"});
}

TEST_CASE("rootfs: an entry below a symlinked folder goes where the link leads", "[oci][rootfs]") {
    const auto base = Layer().file("usr/lib/a", "1").symlink("lib", "usr/lib");
    CHECK(files(merge({base, Layer().file("lib/b", "2")})) ==
          Lines{"usr/lib/a = 1 @0", "usr/lib/b = 2 @1"});
    CHECK(files(merge({base, Layer().whiteout("lib/a")})).empty());
    const auto outside = Layer().symlink("up", "../../../etc").symlink("abs", "/etc");
    CHECK(files(merge({outside, Layer().file("up/x", "2").file("abs/y", "2")})) ==
          Lines{"etc/x = 2 @1", "etc/y = 2 @1"});
    const auto dangling = Layer().symlink("l", "not/there");
    CHECK(files(merge({dangling, Layer().file("l/x", "2")})) == Lines{"not/there/x = 2 @1"});
}

TEST_CASE("rootfs: a folder that replaces a symlink is a folder from then on", "[oci][rootfs]") {
    const auto base = Layer().file("usr/lib/a", "1").symlink("lib", "usr/lib");
    CHECK(files(merge({base, Layer().file("lib/x", "2").directory("lib").file("lib/y", "2")})) ==
          Lines{"lib/y = 2 @1", "usr/lib/a = 1 @0", "usr/lib/x = 2 @1"});
    const auto retarget =
        merge({base, Layer().file("lib/x", "2").symlink("lib", "opt").file("lib/y", "2")});
    CHECK(files(retarget) == Lines{"opt/y = 2 @1", "usr/lib/a = 1 @0", "usr/lib/x = 2 @1"});
}

TEST_CASE("rootfs: entries behind a loop of symlinks are left out with a remark", "[oci][rootfs]") {
    const auto rootfs =
        merge({Layer().symlink("a", "b").symlink("b", "a"), Layer().file("a/x", "1")});
    CHECK(files(rootfs).empty());
    REQUIRE(rootfs.notes().size() == 1);
    CHECK_THAT(rootfs.notes()[0], Catch::StartsWith("layer1: "));
    CHECK_FALSE(rootfs.find("a"));
}

TEST_CASE("rootfs: a symlink through a file does not make the file give way", "[oci][rootfs]") {
    const auto rootfs = merge({Layer().file("f", "1").symlink("l", "f"), Layer().file("l/x", "2")});
    CHECK(files(rootfs) == Lines{"f = 1 @0"});
    CHECK(rootfs.notes().size() == 1);
}

TEST_CASE("rootfs: a hard link reaches into lower layers and keeps its content", "[oci][rootfs]") {
    const auto base = Layer().file("a", "1");
    const auto rootfs = merge({base, Layer().hard_link("b", "a"), Layer().whiteout("a")});
    CHECK(files(rootfs) == Lines{"b = 1 @0"});
    const auto replaced = merge({base, Layer().hard_link("b", "a").file("a", "2")});
    CHECK(files(replaced) == Lines{"a = 2 @1", "b = 1 @0"});
    const auto both = merge({base, Layer().hard_link("b", "a")});
    CHECK(both.find("a")->node == both.find("b")->node);
    CHECK(both.find("b")->size == 1);
    CHECK(files(both) == Lines{"a = 1 @0", "b = 1 @0"});
}

TEST_CASE("rootfs: a hard link binds to what its target is at that moment", "[oci][rootfs]") {
    CHECK(files(merge({Layer().file("a", "1").hard_link("b", "a").file("a", "2")})) ==
          Lines{"a = 2 @0", "b = 1 @0"});
    CHECK(files(merge({Layer().file("d/a", "1"), Layer().hard_link("d", "d/a")})) ==
          Lines{"d = 1 @0"});
    CHECK(files(merge({Layer().file("a", "1").hard_link("a", "a")})) == Lines{"a = 1 @0"});
}

TEST_CASE("rootfs: a hard link without target is a file without content, and noted",
          "[oci][rootfs]") {
    const auto rootfs = merge({Layer().hard_link("b", "a")});
    CHECK(files(rootfs) == Lines{"b = (not kept) @0"});
    CHECK(rootfs.notes().size() == 1);
    CHECK(rootfs.missing_content(test::router_of({"b"})).empty());
}

TEST_CASE("rootfs: a hard link to a symlink is that symlink", "[oci][rootfs]") {
    const auto rootfs = merge({Layer().file("a", "1").symlink("s", "a").hard_link("h", "s")});
    CHECK(path_of(rootfs.find("h")) == "a");
}

TEST_CASE("rootfs: find follows symlinks in every component, inside the root", "[oci][rootfs]") {
    const auto rootfs = merge({Layer()
                                   .file("usr/lib/os-release", "x")
                                   .symlink("etc/os-release", "../usr/lib/os-release")
                                   .symlink("lib", "usr/lib")
                                   .symlink("up", "../../../../lib")
                                   .symlink("abs", "/up/os-release")
                                   .symlink("dangling", "nowhere")
                                   .symlink("self", "self")});
    CHECK(path_of(rootfs.find("etc/os-release")) == "usr/lib/os-release");
    CHECK(path_of(rootfs.find("lib/os-release")) == "usr/lib/os-release");
    CHECK(path_of(rootfs.find("abs")) == "usr/lib/os-release");
    CHECK(path_of(rootfs.find("/abs")) == "usr/lib/os-release");
    CHECK(path_of(rootfs.find("usr/../lib/../lib/os-release")) == "usr/lib/os-release");
    CHECK(path_of(rootfs.find("up")) == "usr/lib");
    CHECK(path_of(rootfs.find("")) == "");
    CHECK(path_of(rootfs.find("dangling")) == "(nothing)");
    CHECK(path_of(rootfs.find("self")) == "(nothing)");
    CHECK(path_of(rootfs.find("usr/lib/os-release/x")) == "(nothing)");
}

TEST_CASE("rootfs: a chain of forty symlinks is followed, one more is not", "[oci][rootfs]") {
    const auto chain = [](std::size_t hops) {
        Layer layer;
        layer.file("end", "x");
        for (std::size_t i = 0; i < hops; ++i) {
            layer.symlink("l" + std::to_string(i), i == 0 ? "end" : "l" + std::to_string(i - 1));
        }
        return merge({layer}).find("l" + std::to_string(hops - 1));
    };
    CHECK(path_of(chain(limits::kSymlinkHops)) == "end");
    CHECK(path_of(chain(limits::kSymlinkHops + 1)) == "(nothing)");
}

TEST_CASE("rootfs: matches come in byte order of real paths, each once, over symlinks too",
          "[oci][rootfs]") {
    const auto rootfs = merge({Layer()
                                   .file("z/status", "1")
                                   .file("a/status", "2")
                                   .file("a-b/status", "3")
                                   .file("real", "4")
                                   .symlink("l/status", "/real")
                                   .symlink("m/status", "/real")
                                   .symlink("n/status", "/a/status")
                                   .symlink("o/status", "/a")
                                   .directory("p/status")});
    CHECK(files(rootfs, "**/status") ==
          Lines{"a-b/status = 3 @0", "a/status = 2 @0", "real = 4 @0", "z/status = 1 @0"});
    CHECK(files(rootfs, "{z,a}/stat*") == Lines{"a/status = 2 @0", "z/status = 1 @0"});
    CHECK(files(rootfs, "a/**/status") == Lines{"a/status = 2 @0"});
    CHECK(files(rootfs, "status").empty());
}

TEST_CASE("rootfs: content that was too large or not wanted is told apart", "[oci][rootfs]") {
    const auto rootfs = merge({Layer().large("big", 1000).unread("plain", 5).directory("d")});
    CHECK(test::error_of(rootfs.read(*rootfs.find("big"))).code == ErrorCode::limit_exceeded);
    CHECK(test::error_of(rootfs.read(*rootfs.find("plain"))).code == ErrorCode::unsupported);
    CHECK(test::error_of(rootfs.read(*rootfs.find("d"))).code == ErrorCode::unsupported);
    FileEntry forged = *rootfs.find("plain");
    forged.node = 12345;
    CHECK(test::error_of(rootfs.read(forged)).code == ErrorCode::unsupported);
}

TEST_CASE("rootfs: a range of a file is read wherever its layer keeps it", "[oci][rootfs]") {
    // More than a layer's facts hold in memory goes to a file of their own.
    Bytes large(limits::kKeptInMemoryBytes + 100, 'x');
    large.replace(large.size() - 60, 5, "there");
    const auto rootfs =
        merge({Layer().file("a", "before").file("large", large).file("z", "after")});
    const auto range = [&](std::string_view path, std::uint64_t offset, std::uint64_t length) {
        return rootfs.read_range(*rootfs.find(path), offset, length);
    };
    CHECK(test::value_of(range("a", 2, 3)).bytes() == "for");
    CHECK(test::value_of(range("z", 0, 5)).bytes() == "after");
    CHECK(test::value_of(range("large", large.size() - 60, 5)).bytes() == "there");
    CHECK(test::value_of(range("large", large.size(), 0)).bytes().empty());
    CHECK(test::error_of(range("a", 2, 5)).code == ErrorCode::malformed);
    CHECK(test::error_of(range("a", 7, 0)).code == ErrorCode::malformed);
    CHECK(test::error_of(range("a", 1, UINT64_MAX)).code == ErrorCode::malformed);
}

TEST_CASE("rootfs: content that a wanted name leads to and nobody kept is named, with its layer",
          "[oci][rootfs]") {
    const auto rootfs = merge({Layer()
                                   .unread("opt/db/status", 5)
                                   .symlink("var/lib/dpkg/status", "../../../opt/db/status")
                                   .unread("store/meta", 5)
                                   .unread("plain", 5),
                               Layer()
                                   .hard_link("a/package.json", "store/meta")
                                   .symlink("srv", "opt")
                                   .unread("other/x", 1),
                               Layer().unread("srv/package.json", 7)});
    const auto missing =
        rootfs.missing_content(test::router_of({"**/lib/dpkg/status", "**/package.json"}));
    Lines lines;
    for (const auto& one : missing) {
        lines.push_back(std::to_string(one.layer) + " " + one.required.path + " as " +
                        one.required.as);
    }
    CHECK(lines == Lines{"0 opt/db/status as var/lib/dpkg/status",
                         "0 store/meta as a/package.json",
                         "2 srv/package.json as opt/package.json"});
    CHECK(rootfs.missing_content(test::router_of({"nothing"})).empty());
}

namespace {

MergedRootfs merge_scanned(const std::vector<Layer>& layers) {
    std::vector<walk::LayerFacts> facts;
    std::vector<std::string> names;
    for (const Layer& layer : layers) {
        facts.push_back(layer.facts());
        names.push_back("layer" + std::to_string(names.size()));
    }
    return test::value_of(
        MergedRootfs::merge(std::move(facts), std::move(names), {"words", "numbers"}));
}

Lines scanned(const MergedRootfs& rootfs, std::string_view scanner) {
    Lines lines;
    test::value_of(rootfs.for_each_scanned(scanner, [&](const FileEntry& file, ByteView facts) {
        lines.push_back(file.path + " " + std::to_string(file.layer) + " " + std::string(facts));
        return ok();
    }));
    return lines;
}

} // namespace

TEST_CASE("rootfs: what scanners found is given for visible files, by path, each once",
          "[oci][rootfs]") {
    const auto rootfs = merge_scanned({Layer()
                                           .scanned("opt/z", "zz")
                                           .scanned("opt/gone", "gone")
                                           .scanned("opt/replaced", "old")
                                           .scanned("opt/number", "7", 1)
                                           .hard_link("bin/z", "opt/z"),
                                       Layer()
                                           .whiteout("opt/gone")
                                           .scanned("opt/replaced", "new")
                                           .symlink("bin/y", "../opt/replaced")});
    CHECK(scanned(rootfs, "words") == Lines{"bin/z 0 zz", "opt/replaced 1 new"});
    CHECK(scanned(rootfs, "numbers") == Lines{"opt/number 0 7"});
    CHECK(scanned(rootfs, "unheard of").empty());
    const auto failed = rootfs.for_each_scanned(
        "words", [](const FileEntry&, ByteView) { return Status(Error{ErrorCode::io, "stop"}); });
    CHECK(test::error_of(failed).code == ErrorCode::io);
}

TEST_CASE("rootfs: files that a scanner must see again, or under another name, are named",
          "[oci][rootfs]") {
    const auto rootfs = merge_scanned({Layer()
                                           .half_scanned("usr/bin/tool")
                                           .half_scanned("usr/bin/hidden")
                                           .unread("store/blob", 9)
                                           .unread("store/b.words", 9),
                                       Layer()
                                           .whiteout("usr/bin/hidden")
                                           .symlink("a.words", "store/blob")
                                           .symlink("c.words", "store/b.words")});
    Lines lines;
    for (const auto& one :
         rootfs.missing_content(test::router_of({}, {}, {test::word_scanner()}))) {
        lines.push_back(std::to_string(one.layer) + " " + one.required.path + " as " +
                        one.required.as);
    }
    CHECK(lines == Lines{"0 usr/bin/tool as usr/bin/tool", "0 store/blob as a.words"});
}

TEST_CASE("rootfs: paths that grow beyond PATH_MAX through symlinks are refused", "[oci][rootfs]") {
    const std::string deep(2000, 'd');
    std::vector<walk::LayerFacts> facts;
    facts.push_back(Layer()
                        .file(deep + "/x", "1")
                        .symlink("l", deep)
                        .file("l/" + deep + "/y", "1")
                        .symlink("m", "l/" + deep)
                        .file("m/" + deep, "1")
                        .facts());
    CHECK(test::error_of(MergedRootfs::merge(std::move(facts), {"a"})).code ==
          ErrorCode::limit_exceeded);
}

TEST_CASE("rootfs: endless opaque markers cost no more than what they clear", "[oci][rootfs]") {
    Layer layer;
    for (int i = 0; i < 20'000; ++i) {
        layer.unread("d/" + std::to_string(i), 1);
        layer.opaque("d");
    }
    CHECK(merge({Layer().file("d/old", "1"), layer}).size() == 20'001);
}
