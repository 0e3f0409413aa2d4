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
constexpr std::array<std::string_view, 8> kUnread = {
    "docker-archive", "oci-archive", "ocidir", "ocifile", "dir", "file", "singularity", "snap"};

Error refuse_daemon(std::string_view scheme, std::string_view rest) {
    const std::string image = rest.empty() ? "NAME" : text::printable(rest);
    const std::string program = scheme == "podman" || scheme == "containers-storage" ? "podman"
                                : scheme == "nerdctl" || scheme == "containerd"      ? "nerdctl"
                                                                                     : "docker";
    const std::string transport = program == "podman" ? "containers-storage:" : "docker-daemon:";
    Error error{ErrorCode::usage,
                "\"" + std::string(scheme) +
                    ":\" names an image inside a container daemon, and daemons are not read"};
    return std::move(error)
        .with("save it", program + " save " + image + " -o app.tar")
        .with("convert it", "skopeo copy docker-archive:app.tar oci:app")
        .with("or without the file", "skopeo copy " + transport + image + " oci:app")
        .with("or push it", program + " push " + image)
        .with_hint("run `" + program + " save " + image +
                   " -o app.tar`, then `skopeo copy docker-archive:app.tar oci:app`, and name the "
                   "image \"oci:app\"; for the repository \"" +
                   std::string(scheme) + "\" itself type \"docker.io/library/" +
                   std::string(scheme) + ":" + image + "\"");
}

bool holds_layout(const std::string& path) {
    struct stat info{};
    return stat((path + "/oci-layout").c_str(), &info) == 0 && S_ISREG(info.st_mode);
}

/// DIR[:REFNAME][@DIGEST]. The folder's name ends at the first colon, as in skopeo.
Result<ImageName> parse_layout(std::string_view text, std::string_view shown) {
    ImageName out;
    out.kind = ImageName::Kind::layout;
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
        return Error{ErrorCode::usage, "\"" + text::printable(shown) + "\" names no folder"}
            .with_hint("a layout is named like \"oci:DIR\" or \"oci:DIR:TAG\"");
    }
    const bool printable_name = std::ranges::none_of(out.ref_name, [](char c) {
        return text::is_space(c) || static_cast<unsigned char>(c) < 33;
    });
    if (!printable_name) {
        return Error{ErrorCode::usage,
                     "\"" + text::printable(shown) + "\" has white space in its ref name"};
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
        if (scheme == "oci" || scheme == "oci-dir") {
            return parse_layout(rest, text);
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
    // A bare name means a registry whatever lies in the working directory: what "nginx" is must not
    // depend on where one stands.
    if (looks_like_path(text)) {
        if (holds_layout(std::string(text))) { // a path with a colon in it
            ImageName out;
            out.kind = Kind::layout;
            out.path = std::string(text);
            return out;
        }
        BULLA_TRY_ASSIGN(ImageName out, parse_layout(text, text));
        if (holds_layout(out.path)) {
            return out;
        }
        return Error{ErrorCode::usage,
                     "\"" + text::printable(text) +
                         "\" is a path, and there is no OCI image layout (no file oci-layout) "
                         "there"}
            .with_hint("to write a new layout type \"oci:" + text::printable(text) + "\"");
    }
    return parse_registry(text);
}

std::string ImageName::to_string() const {
    if (kind == Kind::registry) {
        return reference ? reference->to_string() : std::string();
    }
    std::string out = "oci:" + path;
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
    } else {
        out.ref_name.clear();
        out.digest = wanted;
    }
    return out;
}

} // namespace bulla::oci
