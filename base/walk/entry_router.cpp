// SPDX-License-Identifier: Apache-2.0
#include "base/walk/entry_router.hpp"

#include "base/core/limits.hpp"
#include "base/crypto/hasher.hpp"
#include "base/walk/glob.hpp"

#include <algorithm>
#include <unordered_map>

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
    Route route;
};

void widen(Route& route, const Route& by) {
    route.keep = route.keep || by.keep;
    route.max_bytes = std::max(route.max_bytes, by.max_bytes);
    route.scanners |= by.scanners;
}

/// False if `by` adds nothing, so that its pattern need not be tried.
bool widens(const Route& route, const Route& by) {
    return (by.keep && (!route.keep || by.max_bytes > route.max_bytes)) ||
           (by.scanners & ~route.scanners) != 0;
}

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
    std::unordered_multimap<std::string, std::string, TextHash, std::equal_to<>> required;
    std::vector<ScannerKind> scanners;
    bool recognises = false;
    Digest version = crypto::digest({});

    void add(Rule rule);
    Status add_all(std::string_view glob, const Route& route);
    Route route(std::string_view path) const;
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
        if (widens(route, rule.route) && rule.glob.matches(path)) {
            widen(route, rule.route);
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

Status EntryRouter::Compiled::add_all(std::string_view glob, const Route& route) {
    BULLA_TRY_ASSIGN(std::vector<Glob> globs, compile_glob(glob));
    for (auto& one : globs) {
        add({std::move(one), route});
    }
    return ok();
}

Result<EntryRouter> EntryRouter::compile(const RouterSpec& spec,
                                         std::span<const RequiredPath> required) {
    if (spec.scanners.size() > kMostScanners) {
        return Error{ErrorCode::internal, "there are more scanners than a set of them holds"};
    }
    auto compiled = std::make_unique<Compiled>();
    std::string identity = "bulla.router/2 limits " + std::to_string(limits::kVersion) + " ";
    append_field(identity, spec.version);
    for (const auto& pattern : spec.patterns) {
        BULLA_TRY(compiled->add_all(pattern.glob, {.keep = true, .max_bytes = pattern.max_bytes}));
        append_field(identity, pattern.glob);
        append_field(identity, std::to_string(pattern.max_bytes));
    }
    for (const auto& scanner : spec.scanners) {
        identity += "scanner ";
        append_field(identity, scanner.id);
        append_field(identity, std::to_string(scanner.version));
        for (const auto glob : scanner.globs) {
            BULLA_TRY(
                compiled->add_all(glob, {.scanners = ScannerSet{1} << compiled->scanners.size()}));
            append_field(identity, glob);
        }
        compiled->scanners.push_back(scanner);
        compiled->recognises = compiled->recognises || scanner.recognises != nullptr;
    }
    std::vector<RequiredPath> sorted(required.begin(), required.end());
    std::ranges::sort(sorted);
    identity += "required ";
    for (auto& one : sorted) {
        append_field(identity, one.path);
        append_field(identity, one.as);
        compiled->required.emplace(std::move(one.path), std::move(one.as));
    }
    compiled->version = crypto::digest(identity);
    return EntryRouter(std::move(compiled));
}

EntryRouter::EntryRouter(std::unique_ptr<const Compiled> compiled)
    : compiled_(std::move(compiled)) {}

EntryRouter::EntryRouter(EntryRouter&&) noexcept = default;
EntryRouter& EntryRouter::operator=(EntryRouter&&) noexcept = default;
EntryRouter::~EntryRouter() = default;

Route EntryRouter::Compiled::route(std::string_view path) const {
    Route route;
    const auto name = last_component(path);
    look_up(by_name, name, path, route);
    look_up(by_extension, extension(name), path, route);
    if (!by_parent.empty() && name.size() < path.size()) {
        const auto parent = path.substr(0, path.size() - name.size() - 1);
        look_up(by_parent, last_component(parent), path, route);
    }
    consider(others, path, route);
    return route;
}

Route EntryRouter::route(std::string_view path) const {
    Route route = compiled_->route(path);
    if (!compiled_->required.empty()) {
        auto [at, end] = compiled_->required.equal_range(path);
        route.effort = at == end ? ScanEffort::streaming : ScanEffort::thorough;
        for (; at != end; ++at) {
            widen(route, compiled_->route(at->second));
        }
    }
    return route;
}

ScannerSet EntryRouter::recognise(ByteView head) const {
    ScannerSet set = 0;
    for (std::size_t i = 0; i < compiled_->scanners.size(); ++i) {
        auto* const recognises = compiled_->scanners[i].recognises;
        if (recognises != nullptr && recognises(head)) {
            set |= ScannerSet{1} << i;
        }
    }
    return set;
}

bool EntryRouter::recognises() const {
    return compiled_->recognises;
}

std::span<const ScannerKind> EntryRouter::scanners() const {
    return compiled_->scanners;
}

const Digest& EntryRouter::version() const {
    return compiled_->version;
}

bool matches_glob(std::string_view glob, std::string_view path) {
    const auto globs = compile_glob(glob);
    return globs && std::ranges::any_of(*globs, [&](const Glob& one) { return one.matches(path); });
}

} // namespace bulla::walk
