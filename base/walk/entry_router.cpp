// SPDX-License-Identifier: Apache-2.0
#include "base/walk/entry_router.hpp"

#include "base/core/limits.hpp"
#include "base/crypto/hasher.hpp"
#include "base/walk/glob.hpp"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

namespace bulla::walk {

namespace {

struct TextHash {
    using is_transparent = void;

    std::size_t operator()(std::string_view text) const {
        return std::hash<std::string_view>{}(text);
    }
};

using GlobList = std::vector<std::uint32_t>;
using Index = std::unordered_map<std::string, GlobList, TextHash, std::equal_to<>>;

struct Rule {
    Glob glob;
    std::uint64_t max_bytes;
};

std::string_view last_component(std::string_view path) {
    return path.substr(path.rfind('/') + 1); // npos + 1 is 0
}

std::string_view extension(std::string_view name) {
    const auto dot = name.rfind('.');
    return dot == std::string_view::npos ? std::string_view() : name.substr(dot);
}

/// Each field with its length, so that no two different lists give the same text.
void append_field(std::string& out, std::string_view field) {
    out += std::to_string(field.size());
    out += ':';
    out += field;
}

} // namespace

/// Rules are found by the part of a path that tells most: the last component when it is literal,
/// its extension when that is, else the component before it. What remains of a path's candidates
/// is matched in full; for nearly all paths there are none.
struct EntryRouter::Compiled {
    std::vector<Rule> rules;
    Index by_name;
    Index by_extension;
    Index by_parent; ///< any last component, literal parent
    GlobList others;
    std::unordered_set<std::string, TextHash, std::equal_to<>> required;
    Digest version = crypto::digest({});

    void add(Rule rule);
    void consider(const GlobList& list, std::string_view path, Route& route) const;
    void
    look_up(const Index& index, std::string_view key, std::string_view path, Route& route) const;
};

void EntryRouter::Compiled::add(Rule rule) {
    using Kind = GlobComponent::Kind;
    const auto number = static_cast<std::uint32_t>(rules.size());
    const auto& parts = rule.glob.components;
    const auto& last = parts.back();
    if (last.kind == Kind::literal) {
        by_name[last.text].push_back(number);
    } else if (last.kind == Kind::suffix && !extension(last.text).empty()) {
        by_extension[std::string(extension(last.text))].push_back(number);
    } else if (parts.size() > 1 && parts[parts.size() - 2].kind == Kind::literal) {
        by_parent[parts[parts.size() - 2].text].push_back(number);
    } else {
        others.push_back(number);
    }
    rules.push_back(std::move(rule));
}

void EntryRouter::Compiled::consider(const GlobList& list,
                                     std::string_view path,
                                     Route& route) const {
    for (const auto number : list) {
        const auto& rule = rules[number];
        if ((!route.keep || rule.max_bytes > route.max_bytes) && rule.glob.matches(path)) {
            route = {true, rule.max_bytes};
        }
    }
}

void EntryRouter::Compiled::look_up(const Index& index,
                                    std::string_view key,
                                    std::string_view path,
                                    Route& route) const {
    if (index.empty() || key.empty()) {
        return;
    }
    if (const auto found = index.find(key); found != index.end()) {
        consider(found->second, path, route);
    }
}

Result<EntryRouter> EntryRouter::compile(std::span<const PathPattern> patterns,
                                         std::string_view version,
                                         std::span<const std::string> required_paths) {
    auto compiled = std::make_unique<Compiled>();
    std::string identity = "bulla.router/1 limits " + std::to_string(limits::kVersion) + " ";
    append_field(identity, version);
    for (const auto& pattern : patterns) {
        BULLA_TRY_ASSIGN(std::vector<Glob> globs, compile_glob(pattern.glob));
        for (auto& glob : globs) {
            compiled->add({std::move(glob), pattern.max_bytes});
        }
        append_field(identity, pattern.glob);
        append_field(identity, std::to_string(pattern.max_bytes));
    }
    compiled->required.insert(required_paths.begin(), required_paths.end());
    std::vector<std::string_view> sorted(compiled->required.begin(), compiled->required.end());
    std::ranges::sort(sorted);
    identity += "required ";
    for (const auto path : sorted) {
        append_field(identity, path);
    }
    compiled->version = crypto::digest(identity);
    return EntryRouter(std::move(compiled));
}

EntryRouter::EntryRouter(std::unique_ptr<const Compiled> compiled)
    : compiled_(std::move(compiled)) {}

EntryRouter::EntryRouter(EntryRouter&&) noexcept = default;
EntryRouter& EntryRouter::operator=(EntryRouter&&) noexcept = default;
EntryRouter::~EntryRouter() = default;

Route EntryRouter::route(std::string_view path) const {
    Route route;
    const auto name = last_component(path);
    compiled_->look_up(compiled_->by_name, name, path, route);
    compiled_->look_up(compiled_->by_extension, extension(name), path, route);
    if (!compiled_->by_parent.empty() && name.size() < path.size()) {
        const auto parent = path.substr(0, path.size() - name.size() - 1);
        compiled_->look_up(compiled_->by_parent, last_component(parent), path, route);
    }
    compiled_->consider(compiled_->others, path, route);
    if (!compiled_->required.empty() && compiled_->required.contains(path)) {
        route = {true, std::max(route.max_bytes, limits::kPackageDatabaseBytes)};
    }
    return route;
}

const Digest& EntryRouter::version() const {
    return compiled_->version;
}

bool matches_glob(std::string_view glob, std::string_view path) {
    const auto globs = compile_glob(glob);
    return globs && std::ranges::any_of(*globs, [&](const Glob& one) { return one.matches(path); });
}

} // namespace bulla::walk
