// SPDX-License-Identifier: Apache-2.0
#include "base/core/limits.hpp"
#include "sbom/catalogers/rpm_package.hpp"
#include "sbom/catalogers/rpm_test_support.hpp"
#include "sbom/catalogers/sqlite_test_support.hpp"
#include "sbom/catalogers/test_support.hpp"

using namespace bulla;
using sbom::RpmTag;
using test::Strings;

namespace {
constexpr std::string_view kSqlite = "var/lib/rpm/rpmdb.sqlite";
constexpr std::string_view kNdb = "usr/lib/sysimage/rpm/Packages.db";
constexpr std::string_view kBdb = "var/lib/rpm/Packages";

test::MemoryFileView fedora() {
    test::MemoryFileView view;
    view.add("etc/os-release", "ID=fedora\nVERSION_ID=41\n");
    return view;
}

test::MemoryFileView fedora_with(const std::vector<Bytes>& headers) {
    auto view = fedora();
    view.add(std::string(kSqlite), test::sqlite_of(headers));
    return view;
}

Strings reasons_of(const sbom::Sbom& sbom) {
    Strings reasons;
    for (const sbom::Unknown& unknown : sbom.unknowns) {
        reasons.push_back(unknown.path + ": " + unknown.reason);
    }
    return reasons;
}

/// A package with these files, as folder and name.
Bytes rpm_with_files(std::string_view name,
                     const std::vector<std::pair<std::string, std::string>>& files) {
    Strings names;
    Strings folders;
    std::vector<std::uint32_t> indexes;
    for (const auto& [folder, file] : files) {
        indexes.push_back(static_cast<std::uint32_t>(folders.size()));
        folders.push_back(folder);
        names.push_back(file);
    }
    return test::rpm_named(name)
        .texts(RpmTag::base_names, names)
        .texts(RpmTag::directory_names, folders)
        .numbers(RpmTag::directory_indexes, indexes)
        .build();
}
} // namespace

TEST_CASE("rpm: the fields of a header become those of a package", "[sbom][rpm]") {
    const auto sbom =
        test::catalog(fedora_with({test::RpmHeaderBuilder()
                                       .text(RpmTag::name, "Perl-x")
                                       .text(RpmTag::version, "1.0~rc1")
                                       .text(RpmTag::release, "2.fc41")
                                       .numbers(RpmTag::epoch, {4})
                                       .text(RpmTag::architecture, "aarch64")
                                       .text(RpmTag::source_rpm, "perl-1.0~rc1-2.fc41.src.rpm")
                                       .text(RpmTag::vendor, "Fedora Project")
                                       .text(RpmTag::packager, "Builder <b@example.invalid>")
                                       .text(RpmTag::license, "MIT and GPL-2.0-only")
                                       .text(RpmTag::summary, "One line\nand another")
                                       .text(RpmTag::url, "https://perl.example/")
                                       .text(RpmTag::modularity_label, "perl:5.26:1:a")
                                       .numbers(RpmTag::size, {1234})
                                       .numbers(RpmTag::install_time, {1700000000})
                                       .build_signed()}));
    const auto& package = test::package_named(sbom, "Perl-x");
    CHECK(package.version == "4:1.0~rc1-2.fc41");
    CHECK(package.architecture == "aarch64");
    CHECK(package.purl ==
          "pkg:rpm/fedora/Perl-x@1.0~rc1-2.fc41?arch=aarch64&distro=fedora-41&epoch=4"
          "&rpmmod=perl:5.26:1:a&upstream=perl-1.0~rc1-2.fc41.src.rpm");
    CHECK(package.maintainer == "Fedora Project");
    CHECK(package.description == "One line");
    CHECK(package.homepage == "https://perl.example/");
    CHECK(package.licenses ==
          std::vector<sbom::License>{{sbom::License::Kind::expression, "MIT AND GPL-2.0-only"}});
    CHECK(package.occurrences == std::vector<sbom::Occurrence>{{std::string(kSqlite), 0}});
    CHECK(package.properties ==
          std::vector<sbom::Property>{{"rpm:install-time", "1700000000"},
                                      {"rpm:modularity-label", "perl:5.26:1:a"},
                                      {"rpm:packager", "Builder <b@example.invalid>"},
                                      {"rpm:size", "1234"},
                                      {"rpm:source-rpm", "perl-1.0~rc1-2.fc41.src.rpm"}});
    CHECK(sbom.unknowns.empty());
}

TEST_CASE("rpm: an epoch of zero is told, a missing one is not", "[sbom][rpm]") {
    const auto sbom =
        test::catalog(fedora_with({test::rpm_named("zero").numbers(RpmTag::epoch, {0}).build(),
                                   test::rpm_named("none").build()}));
    CHECK(test::names_of(sbom) == Strings{"none 1-1", "zero 0:1-1"});
    CHECK(test::package_named(sbom, "zero").purl ==
          "pkg:rpm/fedora/zero@1-1?arch=x86_64&distro=fedora-41&epoch=0");
    CHECK(test::package_named(sbom, "none").purl ==
          "pkg:rpm/fedora/none@1-1?arch=x86_64&distro=fedora-41");
}

TEST_CASE("rpm: a licence of the old short names stays as it is recorded", "[sbom][rpm]") {
    const auto sbom = test::catalog(
        fedora_with({test::rpm_named("a").text(RpmTag::license, "GPLv2+ and MIT").build()}));
    CHECK(sbom.packages[0].licenses ==
          std::vector<sbom::License>{{sbom::License::Kind::name, "GPLv2+ and MIT"}});
}

TEST_CASE("rpm: advisories' names of vendors are the namespace", "[sbom][rpm]") {
    const auto purl = [](std::string_view release) {
        test::MemoryFileView view;
        view.add("etc/os-release", std::string(release));
        view.add(std::string(kNdb), test::ndb_of({test::rpm_named("a").build()}));
        return test::catalog(view).packages.at(0).purl;
    };
    CHECK(purl("ID=rhel\nVERSION_ID=9.4\n") == "pkg:rpm/redhat/a@1-1?arch=x86_64&distro=rhel-9.4");
    CHECK(purl("ID=opensuse-leap\nVERSION_ID=15.6\n") ==
          "pkg:rpm/opensuse/a@1-1?arch=x86_64&distro=opensuse-leap-15.6");
    CHECK(purl("ID=almalinux\nVERSION_ID=9\n") ==
          "pkg:rpm/almalinux/a@1-1?arch=x86_64&distro=almalinux-9");
    CHECK(purl("NAME=nothing\n").empty());
}

TEST_CASE("rpm: the keys of the keyring are no packages", "[sbom][rpm]") {
    const Bytes key = test::RpmHeaderBuilder()
                          .text(RpmTag::name, "gpg-pubkey")
                          .text(RpmTag::version, "b4d5b432")
                          .text(RpmTag::release, "6553f100")
                          .build();
    const auto sbom = test::catalog(fedora_with({key, test::rpm_named("gpg-pubkey").build()}));
    CHECK(test::names_of(sbom) == Strings{"gpg-pubkey 1-1"});
    CHECK(sbom.unknowns.empty());
}

TEST_CASE("rpm: dependencies are met by names, provided names and files", "[sbom][rpm]") {
    const auto sbom = test::catalog(
        fedora_with({test::rpm_named("app")
                         .texts(RpmTag::require_name,
                                {"lib",
                                 "lib.so()(64bit)",
                                 "/usr/bin/tool",
                                 "/usr/bin/other",
                                 "absent",
                                 "app",
                                 "(lib or tool)",
                                 "rpmlib(X)",
                                 "feature"})
                         .numbers(RpmTag::require_flags, {0, 0, 0, 0, 0, 0, 0, 1U << 24U, 0})
                         .build(),
                     test::rpm_named("lib")
                         .texts(RpmTag::provide_name, {"lib", "lib.so()(64bit)", "rpmlib(X)"})
                         .build(),
                     test::rpm_named("feature-x").texts(RpmTag::provide_name, {"feature"}).build(),
                     rpm_with_files("tool", {{"/usr/bin/", "tool"}, {"/usr/share/", "other"}}),
                     rpm_with_files("other", {{"/usr/share/", "tool"}})}));
    CHECK(test::edges_of(sbom) == Strings{"app > feature-x", "app > lib", "app > tool"});
}

TEST_CASE("rpm: a feature of rpm itself is no dependency whoever provides it", "[sbom][rpm]") {
    const auto edges = [](std::uint32_t flags) {
        return test::edges_of(
            test::catalog(fedora_with({test::rpm_named("a")
                                           .texts(RpmTag::require_name, {"x"})
                                           .numbers(RpmTag::require_flags, {flags})
                                           .build(),
                                       test::rpm_named("x").build()})));
    };
    CHECK(edges(0) == Strings{"a > x"});
    CHECK(edges(1U << 24U).empty());
}

TEST_CASE("rpm: a dependency is met by the package of the same architecture", "[sbom][rpm]") {
    const auto of =
        [](std::string_view name, std::string_view arch, const Strings& requires_names) {
            auto header = test::RpmHeaderBuilder()
                              .text(RpmTag::name, name)
                              .text(RpmTag::version, "1")
                              .text(RpmTag::release, "1")
                              .text(RpmTag::architecture, arch);
            return (requires_names.empty() ? header
                                           : header.texts(RpmTag::require_name, requires_names))
                .build();
        };
    const auto sbom = test::catalog(fedora_with({of("lib", "i686", {}),
                                                 of("lib", "x86_64", {}),
                                                 of("app", "x86_64", {"lib", "data"}),
                                                 of("only", "i686", {}),
                                                 of("data", "noarch", {"only"})}));
    Strings needed;
    for (const auto& edge : sbom.relationships) {
        needed.push_back(sbom.packages[edge.from].name + " > " + sbom.packages[edge.to].name + "." +
                         sbom.packages[edge.to].architecture);
    }
    std::sort(needed.begin(), needed.end());
    CHECK(needed == Strings{"app > data.noarch", "app > lib.x86_64", "data > only.i686"});
}

TEST_CASE("rpm: a Python distribution that an rpm installed is owned by it", "[sbom][rpm]") {
    const std::string metadata = "Metadata-Version: 2.1\nName: demo\nVersion: 1\n";
    const std::vector<Bytes> headers{
        test::rpm_named("first").build(),
        rpm_with_files("python3-demo",
                       {{"/lib/python3.9/site-packages/demo-1.dist-info/", "METADATA"}})};
    for (const auto& [path, database] : {std::pair{kSqlite, test::sqlite_of(headers)},
                                         std::pair{kNdb, test::ndb_of(headers)},
                                         std::pair{kBdb, test::bdb_of(headers)}}) {
        auto view = fedora();
        view.add("usr/lib/python3.9/site-packages/demo-1.dist-info/METADATA", metadata);
        view.link("lib", "usr/lib");
        view.add(std::string(path), database);
        CHECK(test::edges_of(test::catalog(view), sbom::Relationship::Kind::owned_by) ==
              Strings{"demo > python3-demo"});
    }
}

TEST_CASE("rpm: owners are found whatever was passed over before them", "[sbom][rpm]") {
    auto view = fedora();
    view.add("usr/lib/python3/site-packages/demo-1.dist-info/METADATA",
             "Metadata-Version: 2.1\nName: demo\nVersion: 1\n");
    view.add(std::string(kBdb),
             test::bdb_of({test::RpmHeaderBuilder().text(RpmTag::name, "gpg-pubkey").build(),
                           "damaged",
                           test::rpm_named("other").build(),
                           rpm_with_files("owner",
                                          {{"/usr/lib/python3/site-packages/demo-1.dist-info/",
                                            "METADATA"}})}));
    view.add("var/lib/rpmmanifest/container-manifest-2",
             "m\t1-1\t0\t0\tv\t(none)\t1\tx86_64\t0\tm.src.rpm\n");
    CHECK(test::edges_of(test::catalog(view), sbom::Relationship::Kind::owned_by) ==
          Strings{"demo > owner"});
}

TEST_CASE("rpm: the manifest of an image without a database is read", "[sbom][rpm]") {
    test::MemoryFileView view;
    view.add("etc/os-release", "ID=azurelinux\nVERSION_ID=3.0\n");
    view.add(
        "var/lib/rpmmanifest/container-manifest-2",
        "glibc\t2.38-8.azl3\t1722264321\t1719000000\tMicrosoft Corporation\t(none)\t10\tx86_64\t0\t"
        "glibc-2.38-8.azl3.src.rpm\n"
        "epochal\t1.0-2\t1\t1\t(none)\t3\t11\tnoarch\t3\t(none)\n"
        "gpg-pubkey\t1-2\t1\t1\t(none)\t(none)\t0\t(none)\t0\t(none)\n"
        "short\t1-1\n\n");
    const auto sbom = test::catalog(view);
    CHECK(test::names_of(sbom) == Strings{"epochal 3:1.0-2", "glibc 2.38-8.azl3"});
    const auto& glibc = test::package_named(sbom, "glibc");
    CHECK(glibc.purl == "pkg:rpm/azurelinux/glibc@2.38-8.azl3?arch=x86_64&distro=azurelinux-3.0"
                        "&upstream=glibc-2.38-8.azl3.src.rpm");
    CHECK(glibc.maintainer == "Microsoft Corporation");
    CHECK(test::package_named(sbom, "epochal").purl ==
          "pkg:rpm/azurelinux/epochal@1.0-2?arch=noarch&distro=azurelinux-3.0&epoch=3");
    CHECK(reasons_of(sbom) == Strings{"var/lib/rpmmanifest/container-manifest-2: 1 of its lines "
                                      "cannot be read"});
}

TEST_CASE("packages of operating systems are told from those of languages", "[sbom]") {
    using sbom::PackageType;
    for (const PackageType type : {PackageType::apk, PackageType::deb, PackageType::rpm}) {
        CHECK(sbom::is_of_operating_system(type));
    }
    for (const PackageType type : {PackageType::npm, PackageType::pypi}) {
        CHECK_FALSE(sbom::is_of_operating_system(type));
    }
    CHECK(sbom::to_string(PackageType::rpm) == "rpm");
}
