// SPDX-License-Identifier: Apache-2.0
#include "base/core/limits.hpp"
#include "sbom/catalogers/apk_installed.hpp"
#include "sbom/catalogers/control_file.hpp"
#include "sbom/catalogers/dpkg_status.hpp"
#include "sbom/catalogers/os_release.hpp"
#include "sbom/catalogers/test_support.hpp"

using namespace bulla;
using test::Strings;

namespace {
std::string stanza(std::string_view name, std::string_view more = "") {
    return "Package: " + std::string(name) +
           "\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1-1\n" +
           std::string(more) + "\n";
}

test::MemoryFileView debian_with(std::string status) {
    test::MemoryFileView view;
    view.add("etc/os-release", std::string(test::kDebian));
    view.add("var/lib/dpkg/status", std::move(status));
    return view;
}

test::MemoryFileView alpine_with(std::string installed) {
    test::MemoryFileView view;
    view.add("etc/os-release", std::string(test::kAlpine));
    view.add("lib/apk/db/installed", std::move(installed));
    return view;
}
} // namespace

TEST_CASE("os-release: values are unquoted as a shell would", "[sbom][os-release]") {
    CHECK(sbom::unquote_shell_value("plain") == "plain");
    CHECK(sbom::unquote_shell_value(R"("a \"b\" \n $x")") == R"(a "b" \n $x)");
    CHECK(sbom::unquote_shell_value(R"('a \ b')") == R"(a \ b)");
    CHECK(sbom::unquote_shell_value(R"(a\ b c)") == "a b");
    CHECK(sbom::unquote_shell_value(R"("open)") == "open");
    CHECK(sbom::unquote_shell_value(R"(end\)") == R"(end\)");
}

TEST_CASE("os-release: unknown keys, comments and noise are ignored, the last value counts",
          "[sbom][os-release]") {
    const auto found =
        sbom::parse_os_release("# c\nnoise\nID=x\nXID=y\r\nID='Debian'\r\nVERSION_ID=12");
    CHECK(found.id == "debian");
    CHECK(found.qualifier() == "debian-12");
}

TEST_CASE("os-release: a rolling distribution is qualified by its build or its name alone",
          "[sbom][os-release]") {
    CHECK(sbom::parse_os_release("ID=arch\nBUILD_ID=rolling\n").qualifier() == "arch-rolling");
    CHECK(sbom::parse_os_release("ID=debian\n").qualifier() == "debian");
}

TEST_CASE("os-release: the file in usr/lib counts if etc has none", "[sbom][os-release]") {
    test::MemoryFileView view;
    view.add("usr/lib/os-release", std::string(test::kAlpine));
    CHECK(test::catalog(view).distribution->id == "alpine");
    view.link("etc/os-release", "../usr/lib/os-release");
    CHECK(test::catalog(view).distribution->occurrence.path == "usr/lib/os-release");
    view.add("etc/os-release", "ID=other\n");
    CHECK(test::catalog(view).distribution->id == "other");
}

TEST_CASE("os-release: Debian's point release comes from debian_version if it is a number",
          "[sbom][os-release]") {
    test::MemoryFileView view;
    view.add("etc/os-release", std::string(test::kDebian));
    view.add("etc/debian_version", "12.5\n");
    CHECK(test::catalog(view).distribution->qualifier() == "debian-12.5");
    view.add("etc/debian_version", "trixie/sid\n");
    CHECK(test::catalog(view).distribution->qualifier() == "debian-12");
}

TEST_CASE("os-release: a derivative keeps its own version", "[sbom][os-release]") {
    test::MemoryFileView view;
    view.add("etc/os-release", "ID=ubuntu\nID_LIKE=debian\nVERSION_ID=22.04\n");
    view.add("etc/debian_version", "12.5\n");
    const auto found = test::catalog(view).distribution;
    CHECK(found->qualifier() == "ubuntu-22.04");
    CHECK(found->is_like("debian"));
    CHECK_FALSE(found->is_like("deb"));
}

TEST_CASE("control file: continuation lines belong to their field", "[sbom][dpkg]") {
    sbom::ControlReader reader("\n\nA: 1\n two\n\tthree\nnoise\nB:2\r\n\nC: last");
    REQUIRE(test::value_of(reader.next()));
    CHECK(reader.value("a") == "1\n two\n\tthree");
    CHECK(reader.value("B") == "2");
    REQUIRE(test::value_of(reader.next()));
    CHECK(reader.value("C") == "last");
    CHECK_FALSE(test::value_of(reader.next()));
}

TEST_CASE("control file: a paragraph with too many fields is refused", "[sbom][dpkg]") {
    std::string text;
    for (std::size_t i = 0; i <= limits::kControlFields; ++i) {
        text += "a:\n";
    }
    sbom::ControlReader reader(text);
    CHECK(test::error_of(reader.next()).code == ErrorCode::limit_exceeded);
}

TEST_CASE("dpkg: a package of which only configuration is left is not reported", "[sbom][dpkg]") {
    const auto state = [](std::string_view name, std::string_view status) {
        return "Package: " + std::string(name) + "\nVersion: 1\nStatus: " + std::string(status) +
               "\n\n";
    };
    const auto view = debian_with(
        state("installed", "install ok installed") + state("held", "hold ok installed") +
        state("removed", "deinstall ok config-files") + state("purged", "purge ok not-installed") +
        state("removing", "deinstall ok installed") + state("half", "install ok half-configured") +
        state("unpacked", "install reinstreq unpacked"));
    CHECK(test::names_of(test::catalog(view)) ==
          Strings{"half 1", "held 1", "installed 1", "removing 1", "unpacked 1"});
}

TEST_CASE("dpkg: the state of a package that is not simply installed is told", "[sbom][dpkg]") {
    const auto sbom =
        test::catalog(debian_with("Package: a\nVersion: 1\nStatus: install ok half-configured\n"));
    CHECK(test::package_named(sbom, "a").properties ==
          std::vector<sbom::Property>{{"dpkg:status", "install ok half-configured"}});
}

TEST_CASE("dpkg: the purl has architecture, distribution, source and epoch", "[sbom][dpkg]") {
    const auto sbom = test::catalog(
        debian_with("Package: libpam\nStatus: install ok installed\nArchitecture: amd64\n"
                    "Version: 1:1.5+b1\nSource: pam (1:1.5)\n\n" +
                    stanza("plain")));
    CHECK(test::package_named(sbom, "libpam").purl ==
          "pkg:deb/debian/libpam@1:1.5%2Bb1?arch=amd64&distro=debian-12&upstream=pam%401:1.5");
    CHECK(test::package_named(sbom, "plain").purl ==
          "pkg:deb/debian/plain@1-1?arch=amd64&distro=debian-12");
}

TEST_CASE("dpkg: without a distribution there is no purl, and the package stays", "[sbom][dpkg]") {
    test::MemoryFileView view;
    view.add("var/lib/dpkg/status", stanza("a"));
    const auto sbom = test::catalog(view);
    CHECK(test::package_named(sbom, "a").purl.empty());
    CHECK(sbom::reference_of(sbom.packages[0]) == "package:deb/a@1-1?arch=amd64");
}

TEST_CASE("dpkg: one package of two architectures is two packages", "[sbom][dpkg]") {
    const auto sbom = test::catalog(
        debian_with(stanza("libc6", "Multi-Arch: same\n") +
                    "Package: libc6\nStatus: install ok installed\nArchitecture: i386\n"
                    "Version: 1-1\nMulti-Arch: same\n"));
    CHECK(test::names_of(sbom) == Strings{"libc6 1-1", "libc6 1-1"});
}

TEST_CASE("dpkg: dependencies are met by name or by what a package provides", "[sbom][dpkg]") {
    const auto sbom = test::catalog(debian_with(
        stanza("app",
               "Depends: libc6 (>= 2.36), awk | mawk:any, absent, app\nPre-Depends: dpkg\n") +
        stanza("libc6") + stanza("mawk", "Provides: awk (= 1)\n") + stanza("dpkg") +
        stanza("other", "Suggests: app\n")));
    CHECK(test::edges_of(sbom) == Strings{"app > dpkg", "app > libc6", "app > mawk"});
}

TEST_CASE("dpkg: a dependency is met by the package of the same architecture", "[sbom][dpkg]") {
    const auto foreign = [](std::string_view name, std::string_view more) {
        return "Package: " + std::string(name) +
               "\nStatus: install ok installed\nArchitecture: i386\nVersion: 2\n" +
               std::string(more) + "\n";
    };
    const auto sbom = test::catalog(debian_with(stanza("libc6") + foreign("libc6", "") +
                                                foreign("app", "Depends: libc6, tool\n") +
                                                stanza("tool", "Multi-Arch: foreign\n")));
    const auto& app = test::package_named(sbom, "app");
    Strings needed;
    for (const auto& edge : sbom.relationships) {
        if (&sbom.packages[edge.from] == &app) {
            needed.push_back(sbom.packages[edge.to].name + ":" +
                             sbom.packages[edge.to].architecture);
        }
    }
    CHECK(needed == Strings{"libc6:i386", "tool:amd64"});
}

TEST_CASE("dpkg: the paragraphs of distroless images have files of their own", "[sbom][dpkg]") {
    test::MemoryFileView view;
    view.add("usr/lib/os-release", std::string(test::kDebian));
    view.add("var/lib/dpkg/status.d/base", "Package: base-files\nVersion: 12\nArchitecture: amd64");
    view.add("var/lib/dpkg/status.d/base.md5sums", "0123  etc/x\n");
    CHECK(test::names_of(test::catalog(view)) == Strings{"base-files 12"});
}

TEST_CASE("dpkg: the layer that installed a package is told by the list of its files",
          "[sbom][dpkg]") {
    test::MemoryFileView view;
    view.begin_layer("sha256:base");
    view.add("etc/os-release", std::string(test::kDebian));
    view.add("var/lib/dpkg/info/a.list", "/.\n");
    view.begin_layer("sha256:top");
    view.add("var/lib/dpkg/info/b:amd64.list", "/.\n");
    view.add("var/lib/dpkg/status", stanza("a") + stanza("b"));
    const auto sbom = test::catalog(view);
    CHECK(
        test::package_named(sbom, "a").occurrences ==
        std::vector<sbom::Occurrence>{{"var/lib/dpkg/info/a.list", 0}, {"var/lib/dpkg/status", 1}});
    CHECK(test::package_named(sbom, "b").occurrences ==
          std::vector<sbom::Occurrence>{{"var/lib/dpkg/info/b:amd64.list", 1},
                                        {"var/lib/dpkg/status", 1}});
}

TEST_CASE("dpkg: licences come from the copyright file, also over a link", "[sbom][dpkg]") {
    auto view = debian_with(stanza("liba") + stanza("libb"));
    view.add("usr/share/doc/liba/copyright",
             "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n"
             "License: Expat\n");
    view.link("usr/share/doc/libb", "liba");
    const auto sbom = test::catalog(view);
    const std::vector<sbom::License> expected{{sbom::License::Kind::id, "MIT"}};
    CHECK(test::package_named(sbom, "liba").licenses == expected);
    CHECK(test::package_named(sbom, "libb").licenses == expected);
}

TEST_CASE("dpkg: a database that was not kept is an unknown", "[sbom][dpkg]") {
    test::MemoryFileView view;
    view.add_unread("var/lib/dpkg/status");
    const auto sbom = test::catalog(view);
    REQUIRE(sbom.unknowns.size() == 1);
    CHECK(sbom.unknowns[0].path == "var/lib/dpkg/status");
}

TEST_CASE("apk: records give packages with licence, origin and dependencies", "[sbom][apk]") {
    const auto sbom = test::catalog(alpine_with(
        "C:Q1x=\nP:musl\nV:1.2.5-r0\nA:x86_64\nL:MIT\no:musl\np:so:libc.musl-x86_64.so.1=1\n"
        "U:https://musl.libc.org/\nm:A B <a@b.example>\nT:the musl c library\nF:lib\n"
        "R:ld-musl-x86_64.so.1\n\n"
        "P:busybox-binsh\nV:1.36.1-r29\nA:x86_64\nL:GPL-2.0-only\no:busybox\n"
        "D:so:libc.musl-x86_64.so.1 musl>=1.2 !conflict absent"));
    CHECK(test::names_of(sbom) == Strings{"busybox-binsh 1.36.1-r29", "musl 1.2.5-r0"});
    CHECK(test::package_named(sbom, "musl").purl ==
          "pkg:apk/alpine/musl@1.2.5-r0?arch=x86_64&distro=alpine-3.20.1");
    const auto& binsh = test::package_named(sbom, "busybox-binsh");
    CHECK(binsh.purl == "pkg:apk/alpine/busybox-binsh@1.36.1-r29?arch=x86_64&distro=alpine-3.20.1"
                        "&upstream=busybox");
    CHECK(binsh.licenses == std::vector<sbom::License>{{sbom::License::Kind::id, "GPL-2.0-only"}});
    CHECK(test::edges_of(sbom) == Strings{"busybox-binsh > musl"});
}

TEST_CASE("apk: the name in a dependency ends at its version", "[sbom][apk]") {
    CHECK(sbom::apk_dependency_name("a>=1") == "a");
    CHECK(sbom::apk_dependency_name("so:b.so.1=1.2") == "so:b.so.1");
    CHECK(sbom::apk_dependency_name("c~3") == "c");
    CHECK(sbom::apk_dependency_name("!d") == "");
}
