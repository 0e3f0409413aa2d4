// SPDX-License-Identifier: Apache-2.0
#include "sbom/catalogers/cataloger.hpp"

#include "base/core/limits.hpp"
#include "base/core/text.hpp"

#include <algorithm>

namespace bulla::sbom {
namespace {

std::size_t hash_of_name(std::string_view path) {
    return std::hash<std::string_view>{}(path.substr(path.rfind('/') + 1));
}

constexpr std::size_t kEndings = 256UL * 256UL;

/// The last two bytes of a path's last component as a number; a component of one byte counts as if
/// a zero stood before it.
std::size_t ending_of(std::string_view path) {
    const auto byte = [&](std::size_t from_end) -> std::size_t {
        return from_end <= path.size() ? static_cast<unsigned char>(path[path.size() - from_end])
                                       : 0U;
    };
    return byte(1) + (byte(2) == '/' ? 0U : byte(2) * 256U);
}

Error too_many(std::string_view what, std::size_t limit) {
    return Error{ErrorCode::limit_exceeded,
                 "expected at most " + std::to_string(limit) + " " + std::string(what) +
                     " of one kind in an image, found more"};
}

} // namespace

Result<std::uint32_t> Findings::add(Package package) {
    if (packages.size() >= limits::kPackages) {
        return too_many("packages", limits::kPackages);
    }
    packages.push_back(std::move(package));
    return static_cast<std::uint32_t>(packages.size() - 1);
}

Status Findings::add_dependency(std::uint32_t from, std::uint32_t to) {
    if (dependencies.size() >= limits::kRelationships) {
        return too_many("dependencies", limits::kRelationships);
    }
    if (from != to) {
        dependencies.emplace_back(from, to);
    }
    return ok();
}

OwnershipQuery::OwnershipQuery(const FileView& view, std::vector<std::string> paths)
    : view_(view), paths_(std::move(paths)), endings_(kEndings, false) {
    names_.reserve(paths_.size());
    for (const std::string& path : paths_) {
        names_.push_back(hash_of_name(path));
        endings_[ending_of(path)] = true;
    }
    std::sort(names_.begin(), names_.end());
    names_.erase(std::unique(names_.begin(), names_.end()), names_.end());
}

bool OwnershipQuery::may_match(std::string_view recorded) const {
    return endings_[ending_of(recorded)] &&
           std::binary_search(names_.begin(), names_.end(), hash_of_name(recorded));
}

std::optional<std::uint32_t> OwnershipQuery::find(std::string_view recorded) const {
    if (!may_match(recorded)) {
        return std::nullopt;
    }
    const auto file = view_.find(recorded);
    if (!file) {
        return std::nullopt;
    }
    const auto it = std::lower_bound(paths_.begin(), paths_.end(), file->path);
    if (it == paths_.end() || *it != file->path) {
        return std::nullopt;
    }
    return static_cast<std::uint32_t>(it - paths_.begin());
}

Status Cataloger::find_owners(const FileView& /*view*/,
                              const Findings& /*own*/,
                              const OwnershipQuery& /*query*/,
                              const OwnerSink& /*sink*/) const {
    return ok();
}

Result<std::optional<FileContent>>
read_evidence(const FileView& view, const FileEntry& file, Findings& findings) {
    auto content = view.read(file);
    if (content) {
        return std::optional<FileContent>(std::move(*content));
    }
    if (content.error().code == ErrorCode::io || content.error().code == ErrorCode::internal) {
        return std::move(content.error());
    }
    findings.unknowns.push_back({file.path, content.error().message});
    return std::optional<FileContent>();
}

std::string field_text(std::string_view text) {
    return std::string(text::trim(text).substr(0, limits::kPackageFieldBytes));
}

std::string first_line(std::string_view text) {
    text = text::trim(text);
    return field_text(text::take_until(text, '\n'));
}

} // namespace bulla::sbom
