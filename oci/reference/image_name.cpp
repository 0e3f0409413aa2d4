// SPDX-License-Identifier: Apache-2.0
#include "base/core/text.hpp"
#include "oci/reference/reference.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <array>

namespace bulla::oci {

namespace {

constexpr std::array<std::string_view, 6> kDaemons = {
    "docker", "podman", "docker-daemon", "containerd", "containers-storage", "nerdctl"};
constexpr std::array<std::string_view, 5> kUnread = {
    "ocidir", "ocifile", "file", "singularity", "snap"};
/// Bare names of files are taken for archives if they end so.
constexpr std::array<std::string_view, 5> kArchiveEndings = {
    ".tar", ".tar.gz", ".tgz", ".tar.zst", ".oci"};

/// What writes an image of a daemon to standard output.
std::string save_command(std::string_view scheme, const std::string& image) {
    if (scheme == "containerd") {
        return "ctr images export - " + image;
    }
    const bool podman = scheme == "podman" || scheme == "containers-storage";
    return (podman                ? "podman save "
            : scheme == "nerdctl" ? "nerdctl save "
                                  : "docker save ") +
           image;
}

Error refuse_daemon(std::string_view scheme, std::string_view rest) {
    const std::string image = rest.empty() ? "NAME" : text::printable(rest);
    const std::string save = save_command(scheme, image);
    Error error{ErrorCode::usage,
                "\"" + std::string(scheme) +
                    ":\" names an image inside a container daemon, and daemons are not read"};
    return std::move(error)
        .with("pipe it", save + " | bulla-sbom create -")
        .with("or save it", save + " > app.tar")
        .with("and name the file", "docker-archive:app.tar")
        .with_hint("run `" + save + " | bulla-sbom create -`; for the repository \"" +
                   std::string(scheme) + "\" itself type \"docker.io/library/" +
                   std::string(scheme) + ":" + image + "\"");
}

enum class Found : std::uint8_t { nothing, file, folder };

/// What is at a path: a FIFO counts as a file, it may carry an archive.
Found look_at(const std::string& path) {
    struct stat info{};
    if (stat(path.c_str(), &info) != 0) {
        return Found::nothing;
    }
    if (S_ISREG(info.st_mode) || S_ISFIFO(info.st_mode)) {
        return Found::file;
    }
    return S_ISDIR(info.st_mode) ? Found::folder : Found::nothing;
}

bool holds_layout(const std::string& path) {
    struct stat info{};
    return stat((path + "/oci-layout").c_str(), &info) == 0 && S_ISREG(info.st_mode);
}

/// PATH[:REFNAME][@DIGEST]. The path ends at the first colon, as in skopeo.
Result<ImageName> parse_place(ImageName::Kind kind, std::string_view text, std::string_view shown) {
    ImageName out;
    out.kind = kind;
    if (const auto at = text.rfind('@'); at != std::string_view::npos) {
        const auto tail = text.substr(at + 1);
        if (tail.starts_with("sha256:") || tail.starts_with("sha512:")) {
            auto digest = Digest::parse(tail);
            if (!digest) {
                return Error{ErrorCode::usage, digest.error().message};
            }
            out.digest = std::move(*digest);
            text = text.substr(0, at);
        }
    }
    const auto colon = text.find(':');
    out.path = std::string(text.substr(0, colon));
    if (colon != std::string_view::npos) {
        out.ref_name = std::string(text.substr(colon + 1));
    }
    if (out.path.empty()) {
        const bool layout = kind == ImageName::Kind::layout;
        return Error{ErrorCode::usage,
                     "\"" + text::printable(shown) + "\" names no " + (layout ? "folder" : "file")}
            .with_hint(layout ? "a layout is named like \"oci:DIR\" or \"oci:DIR:TAG\""
                              : "an archive is named like \"docker-archive:FILE\" or "
                                "\"oci-archive:FILE:TAG\"");
    }
    const bool printable_name = std::ranges::none_of(out.ref_name, [](char c) {
        return text::is_space(c) || static_cast<unsigned char>(c) < 33;
    });
    if (!printable_name) {
        return Error{ErrorCode::usage,
                     "\"" + text::printable(shown) + "\" has white space in its ref name"};
    }
    if (kind == ImageName::Kind::docker_archive && out.digest) {
        return Error{ErrorCode::usage,
                     "\"" + text::printable(shown) +
                         "\" names a manifest, and an archive of `docker save` holds none"}
            .with_hint("name the image by its tag or by the first digits of its image id");
    }
    return out;
}

Result<ImageName> parse_registry(std::string_view text) {
    ImageName out;
    out.kind = ImageName::Kind::registry;
    BULLA_TRY_ASSIGN(Reference reference, Reference::parse(text));
    out.reference = std::move(reference);
    return out;
}

bool looks_like_path(std::string_view text) {
    return text.starts_with('/') || text.starts_with("./") || text.starts_with("../") ||
           text == "." || text == "..";
}

/// A prefix that says what kind of place follows.
std::optional<ImageName::Kind> kind_of(std::string_view scheme) {
    using Kind = ImageName::Kind;
    if (scheme == "oci" || scheme == "oci-dir") {
        return Kind::layout;
    }
    if (scheme == "oci-archive") {
        return Kind::oci_archive;
    }
    return scheme == "docker-archive" ? std::optional(Kind::docker_archive) : std::nullopt;
}

Result<ImageName> parse_directory(std::string_view path) {
    if (path.empty()) {
        return Error{ErrorCode::usage, "\"dir:\" names no folder"}.with_hint(
            "a folder is named like \"dir:FOLDER\"");
    }
    ImageName out;
    out.kind = ImageName::Kind::directory;
    out.path = std::string(path);
    return out;
}

/// A layout folder or an archive file at that very path.
std::optional<ImageName> at_path(std::string path) {
    const Found found = look_at(path);
    const bool layout = found == Found::folder && holds_layout(path);
    if (!layout && found != Found::file) {
        return std::nullopt;
    }
    ImageName out;
    out.kind = layout ? ImageName::Kind::layout : ImageName::Kind::archive;
    out.path = std::move(path);
    return out;
}

Result<ImageName> parse_path(std::string_view text) {
    if (auto exact = at_path(std::string(text))) { // a path with a colon in it
        return std::move(*exact);
    }
    BULLA_TRY_ASSIGN(ImageName out, parse_place(ImageName::Kind::layout, text, text));
    if (const auto there = at_path(out.path)) {
        out.kind = there->kind;
        return out;
    }
    const bool folder = look_at(out.path) == Found::folder;
    return Error{ErrorCode::usage,
                 "\"" + text::printable(text) +
                     "\" is a path, and there is no OCI image layout (no file oci-layout) " +
                     (folder ? "in that folder" : "and no archive there")}
        .with_hint(
            folder ? "to list what is installed in a folder type \"dir:" + text::printable(text) +
                         "\"; to write a new layout, \"oci:" + text::printable(text) + "\""
                   : "to write a new layout type \"oci:" + text::printable(text) +
                         "\", a new archive \"oci-archive:" + text::printable(text) + "\"");
}

/// A bare name that is an archive in the working folder.
bool is_archive_file(std::string_view text) {
    const auto path = text.substr(0, text.find_first_of(":@"));
    const bool named = std::ranges::any_of(
        kArchiveEndings, [&](std::string_view ending) { return path.ends_with(ending); });
    return named && look_at(std::string(path)) == Found::file;
}

} // namespace

Result<ImageName> ImageName::parse(std::string_view text) {
    // As skopeo has it: with the slashes a registry, without them a daemon.
    if (text.starts_with("docker://")) {
        return parse_registry(text.substr(std::string_view("docker://").size()));
    }
    const auto colon = text.find(':');
    if (colon != std::string_view::npos) {
        const auto scheme = text.substr(0, colon);
        const auto rest = text.substr(colon + 1);
        if (const auto kind = kind_of(scheme)) {
            return parse_place(*kind, rest, text);
        }
        if (scheme == "dir") {
            return parse_directory(rest);
        }
        if (scheme == "registry" && !rest.empty()) {
            return parse_registry(rest);
        }
        if (std::ranges::find(kDaemons, scheme) != kDaemons.end()) {
            return refuse_daemon(scheme, rest);
        }
        if (std::ranges::find(kUnread, scheme) != kUnread.end()) {
            return Error{ErrorCode::usage,
                         "\"" + std::string(scheme) + ":\" sources are not read by this version"}
                .with_hint("convert it to a layout: `skopeo copy " + text::printable(text) +
                           " oci:app`, and name the image \"oci:app\"");
        }
    }
    // A bare name means a registry whatever lies in the working directory, the names of archive
    // files aside: what "nginx" is must not depend on where one stands.
    if (text == "-" || text.starts_with("-:") || text.starts_with("-@")) {
        return parse_place(Kind::archive, text, text);
    }
    if (looks_like_path(text) || is_archive_file(text)) {
        return parse_path(text);
    }
    return parse_registry(text);
}

namespace {

std::string_view prefix_of(ImageName::Kind kind) {
    switch (kind) {
    case ImageName::Kind::layout:
        return "oci:";
    case ImageName::Kind::oci_archive:
        return "oci-archive:";
    case ImageName::Kind::docker_archive:
        return "docker-archive:";
    case ImageName::Kind::directory:
        return "dir:";
    case ImageName::Kind::registry:
    case ImageName::Kind::archive: // a path or "-": typed without a prefix
        break;
    }
    return "";
}

} // namespace

std::string ImageName::to_string() const {
    if (kind == Kind::registry) {
        return reference ? reference->to_string() : std::string();
    }
    std::string out = std::string(prefix_of(kind)) + path;
    if (!ref_name.empty()) {
        out += ":" + ref_name;
    }
    if (digest) {
        out += "@" + digest->to_string();
    }
    return out;
}

ImageName ImageName::at(const Digest& wanted) const {
    ImageName out = *this;
    if (out.reference) {
        out.reference = out.reference->at(wanted);
    } else if (kind != Kind::docker_archive) {
        out.ref_name.clear();
        out.digest = wanted;
    }
    return out;
}

} // namespace bulla::oci
