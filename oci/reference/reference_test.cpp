// SPDX-License-Identifier: Apache-2.0
#include "oci/reference/reference.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

#include <array>
#include <filesystem>
#include <fstream>

namespace bulla::oci {
namespace {

using test::error_of;
using test::value_of;

const std::string kHex = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

TEST_CASE("reference: names get the defaults of the Docker world", "[oci][reference]") {
    struct Row {
        std::string text;
        std::string normalised;
    };

    const std::array rows = {
        Row{"alpine", "docker.io/library/alpine:latest"},
        Row{"alpine:3.20", "docker.io/library/alpine:3.20"},
        Row{"docker.io/alpine", "docker.io/library/alpine:latest"},
        Row{"index.docker.io/library/alpine", "docker.io/library/alpine:latest"},
        Row{"team/app", "docker.io/team/app:latest"},
        Row{"localhost/app", "localhost/app:latest"},
        Row{"localhost:5000/app", "localhost:5000/app:latest"},
        Row{"127.0.0.1:5000/team/app:1", "127.0.0.1:5000/team/app:1"},
        Row{"[::1]:5000/app", "[::1]:5000/app:latest"},
        Row{"Registry.Example/app", "registry.example/app:latest"},
        Row{"registry.example/a/b__c/d--e.f:v1", "registry.example/a/b__c/d--e.f:v1"},
        Row{"app@sha256:" + kHex, "docker.io/library/app@sha256:" + kHex},
        Row{"app:1@sha256:" + kHex, "docker.io/library/app:1@sha256:" + kHex},
        Row{"127.0.0.1:5000", "docker.io/library/127.0.0.1:5000"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.text);
        CHECK(value_of(Reference::parse(row.text)).to_string() == row.normalised);
    }
}

TEST_CASE("reference: a digest decides what is fetched and a tag beside it is a label",
          "[oci][reference]") {
    const Reference both = value_of(Reference::parse("app:1@sha256:" + kHex));
    CHECK(both.version() == "sha256:" + kHex);
    CHECK(both.tag() == "1");
    CHECK(value_of(Reference::parse("app")).tag_is_default());
    CHECK_FALSE(value_of(Reference::parse("app:latest")).tag_is_default());
    CHECK(both.at_tag("2").to_string() == "docker.io/library/app:2");
}

TEST_CASE("reference: what is not one is a usage error", "[oci][reference]") {
    const std::array<std::string, 22> texts = {"",
                                               "https://registry.example/app",
                                               "App",
                                               "registry.example/App",
                                               kHex,
                                               "app:",
                                               "app:.x",
                                               "app:" + std::string(129, 'a'),
                                               "app@sha256:abc",
                                               "app@sha256:" + std::string(64, 'A'),
                                               "app@md5:" + std::string(32, 'a'),
                                               "app@",
                                               "registry.example/",
                                               "registry.example//app",
                                               "a..b",
                                               "a___b",
                                               "-a",
                                               "a-",
                                               "reg:0/app",
                                               "reg:70000/app",
                                               "re_g.example/app",
                                               "app 1"};
    for (const std::string& text : texts) {
        CAPTURE(text);
        CHECK(error_of(Reference::parse(text)).code == ErrorCode::usage);
    }
    CHECK(error_of(Reference::parse("r.example/" + std::string(246, 'a'))).code ==
          ErrorCode::usage);
    CHECK(Reference::parse("r.example/" + std::string(245, 'a')).has_value());
    // The limit is on the whole name, "docker.io/library/" included.
    CHECK(Reference::parse(std::string(237, 'a')).has_value());
    CHECK(error_of(Reference::parse(std::string(238, 'a'))).code == ErrorCode::usage);
}

TEST_CASE("reference: the errors say what to type instead", "[oci][reference]") {
    CHECK(error_of(Reference::parse("https://r.example/app:1")).hint.find("\"r.example/app:1\"") !=
          std::string::npos);
    CHECK(error_of(Reference::parse("r.example/App")).message.find("lower case") !=
          std::string::npos);
    CHECK(error_of(Reference::parse(kHex)).message.find("image id") != std::string::npos);
}

TEST_CASE("reference: loopback is this machine only", "[oci][reference]") {
    for (const char* host : {"localhost",
                             "localhost:5000",
                             "a.localhost",
                             "127.0.0.1",
                             "127.1.2.3:80",
                             "[::1]:5000"}) {
        CAPTURE(host);
        CHECK(is_loopback(host));
    }
    for (const char* host : {"127.0.0.1.example",
                             "localhost.example",
                             "10.0.0.1",
                             "128.0.0.1",
                             "127.example",
                             "[::2]",
                             "127.0.0.256"}) {
        CAPTURE(host);
        CHECK_FALSE(is_loopback(host));
    }
}

TEST_CASE("image name: oci: is a layout folder with a ref name and a digest", "[oci][reference]") {
    const ImageName plain = value_of(ImageName::parse("oci:some/dir"));
    CHECK(plain.kind == ImageName::Kind::layout);
    CHECK(plain.path == "some/dir");
    CHECK(plain.ref_name.empty());
    const ImageName full =
        value_of(ImageName::parse("oci:dir:registry.example:5000/app:1@sha256:" + kHex));
    CHECK(full.path == "dir");
    CHECK(full.ref_name == "registry.example:5000/app:1");
    CHECK(full.digest->to_string() == "sha256:" + kHex);
    CHECK(full.to_string() == "oci:dir:registry.example:5000/app:1@sha256:" + kHex);
    CHECK(error_of(ImageName::parse("oci:")).code == ErrorCode::usage);
    CHECK(error_of(ImageName::parse("oci:dir@sha256:12")).code == ErrorCode::usage);
}

TEST_CASE("image name: the path of a folder with an oci-layout file is one without the prefix",
          "[oci][reference]") {
    const test::TempDir dir;
    const std::string folder = dir.file("app");
    std::filesystem::create_directory(folder);
    CHECK(error_of(ImageName::parse(folder)).code == ErrorCode::usage);
    std::ofstream(folder + "/oci-layout") << "{}";
    CHECK(value_of(ImageName::parse(folder)).path == folder);
    CHECK(value_of(ImageName::parse(folder + ":v1")).ref_name == "v1");
}

TEST_CASE("image name: a daemon is refused with the save line to type", "[oci][reference]") {
    const Error docker = error_of(ImageName::parse("docker:app:1"));
    CHECK(docker.code == ErrorCode::usage);
    CHECK(docker.hint.find("docker save app:1 | bulla-sbom create -") != std::string::npos);
    CHECK(error_of(ImageName::parse("podman:app"))
              .hint.find("podman save app | bulla-sbom create -") != std::string::npos);
    CHECK(error_of(ImageName::parse("containerd:app"))
              .hint.find("ctr images export - app | bulla-sbom create -") != std::string::npos);
    for (const char* text : {"docker-daemon:app", "nerdctl:app", "containers-storage:app"}) {
        CAPTURE(text);
        CHECK(error_of(ImageName::parse(text)).hint.find(" save ") != std::string::npos);
    }
}

TEST_CASE("image name: archives by prefix", "[oci][reference]") {
    const ImageName oci = value_of(ImageName::parse("oci-archive:a.tar:v1@sha256:" + kHex));
    CHECK(oci.kind == ImageName::Kind::oci_archive);
    CHECK(oci.path == "a.tar");
    CHECK(oci.ref_name == "v1");
    CHECK(oci.digest->to_string() == "sha256:" + kHex);
    CHECK(oci.to_string() == "oci-archive:a.tar:v1@sha256:" + kHex);
    const ImageName docker =
        value_of(ImageName::parse("docker-archive:a.tar:r.example:5000/app:1"));
    CHECK(docker.kind == ImageName::Kind::docker_archive);
    CHECK(docker.ref_name == "r.example:5000/app:1");
    CHECK(docker.at(*oci.digest).to_string() == docker.to_string());
    CHECK(error_of(ImageName::parse("docker-archive:a.tar@sha256:" + kHex)).code ==
          ErrorCode::usage);
    CHECK(error_of(ImageName::parse("docker-archive:")).code == ErrorCode::usage);
    CHECK(value_of(ImageName::parse("dir:/")).kind == ImageName::Kind::directory);
    CHECK(value_of(ImageName::parse("dir:a:b")).path == "a:b");
    CHECK(error_of(ImageName::parse("dir:")).code == ErrorCode::usage);
}

TEST_CASE("image name: - is an archive on standard input", "[oci][reference]") {
    CHECK(value_of(ImageName::parse("-")).kind == ImageName::Kind::archive);
    CHECK(value_of(ImageName::parse("-")).path == "-");
    CHECK(value_of(ImageName::parse("-:app:1")).ref_name == "app:1");
}

TEST_CASE("image name: a path to a file is an archive, a bare name only with an archive's ending",
          "[oci][reference]") {
    const test::TempDir dir;
    std::ofstream(dir.file("app")) << "x";
    std::ofstream(dir.file("with:colon.tar")) << "x";
    CHECK(value_of(ImageName::parse(dir.file("app"))).kind == ImageName::Kind::archive);
    CHECK(value_of(ImageName::parse(dir.file("app") + ":v1")).ref_name == "v1");
    CHECK(value_of(ImageName::parse(dir.file("with:colon.tar"))).path ==
          dir.file("with:colon.tar"));
    CHECK(error_of(ImageName::parse(dir.file("none.tar"))).code == ErrorCode::usage);
    CHECK(error_of(ImageName::parse(dir.path())).hint.find("dir:") != std::string::npos);
    CHECK(value_of(ImageName::parse("not-there.tar")).kind == ImageName::Kind::registry);
}

TEST_CASE("image name: registry: and docker:// name a registry", "[oci][reference]") {
    CHECK(value_of(ImageName::parse("registry:r.example/app")).to_string() ==
          "r.example/app:latest");
    CHECK(value_of(ImageName::parse("docker://r.example/app")).to_string() ==
          "r.example/app:latest");
}

TEST_CASE("registry name: a host, a URL, or one of Docker Hub's names", "[oci][reference]") {
    const auto registry_of = [](std::string_view text) {
        return value_of(Reference::parse_registry(text)).registry();
    };
    for (const char* text :
         {"docker.io", "index.docker.io", "https://index.docker.io/v1/", "registry-1.docker.io"}) {
        CAPTURE(text);
        CHECK(registry_of(text) == "docker.io");
    }
    CHECK(registry_of("R.example:5000") == "r.example:5000");
    CHECK(registry_of("http://localhost/v2/") == "localhost");
    CHECK(registry_of("[::1]:5000/") == "[::1]:5000");
    CHECK(value_of(Reference::parse_registry("r.example")).repository().empty());
    for (const char* text : {"",
                             "app",
                             "r.example/team",
                             "r.example/v1/app",
                             "https://",
                             "ftp://r.example",
                             "r.example:0",
                             "me@r.example",
                             "r.example:5000:1"}) {
        CAPTURE(text);
        CHECK(error_of(Reference::parse_registry(text)).code == ErrorCode::usage);
    }
}

} // namespace
} // namespace bulla::oci
