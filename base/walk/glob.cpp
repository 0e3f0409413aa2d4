// SPDX-License-Identifier: Apache-2.0
#include "base/walk/glob.hpp"

#include "base/core/text.hpp"

#include <utility>

namespace bulla::walk {

namespace {

constexpr std::size_t kAlternatives = 4096;

Error bad_glob(std::string_view text, std::string_view why) {
    return Error{ErrorCode::internal,
                 "the path pattern \"" + text::printable(text) +
                     "\" is malformed: " + std::string(why)};
}

/// `*` and `?` within one component. Going back only to the last star is enough, because a star
/// further left can take over no byte that a star further right could not.
bool matches_wildcard(std::string_view pattern, std::string_view name) {
    std::size_t p = 0;
    std::size_t n = 0;
    std::size_t star = std::string_view::npos;
    std::size_t retry = 0;
    while (n < name.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            retry = n;
        } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == name[n])) {
            ++p;
            ++n;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            n = ++retry;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == '*') {
        ++p;
    }
    return p == pattern.size();
}

Result<std::vector<std::string>> expand_braces(std::string_view text) {
    std::vector<std::string> expanded{""};
    while (!text.empty()) {
        const auto open = text.find_first_of("{}");
        for (auto& prefix : expanded) {
            prefix += text.substr(0, open);
        }
        if (open == std::string_view::npos) {
            break;
        }
        const auto close = text.find_first_of("{}", open + 1);
        if (text[open] == '}' || close == std::string_view::npos || text[close] == '{') {
            return bad_glob(text, "braces must be closed and not nested");
        }
        const auto choices = text::split(text.substr(open + 1, close - open - 1), ',');
        if (expanded.size() * choices.size() > kAlternatives) {
            return bad_glob(text, "too many alternatives");
        }
        std::vector<std::string> next;
        for (const auto& prefix : expanded) {
            for (const auto choice : choices) {
                next.push_back(prefix + std::string(choice));
            }
        }
        expanded = std::move(next);
        text.remove_prefix(close + 1);
    }
    return expanded;
}

GlobComponent compile_component(std::string_view text) {
    using Kind = GlobComponent::Kind;
    if (text == "**") {
        return {Kind::any_depth, {}};
    }
    if (text == "*") {
        return {Kind::any, {}};
    }
    const auto special = text.find_first_of("*?");
    if (special == std::string_view::npos) {
        return {Kind::literal, std::string(text)};
    }
    if (special == 0 && text[0] == '*' && text.find_first_of("*?", 1) == std::string_view::npos) {
        return {Kind::suffix, std::string(text.substr(1))};
    }
    return {Kind::wildcard, std::string(text)};
}

Result<Glob> compile_one(std::string_view text) {
    Glob glob;
    for (const auto part : text::split(text, '/')) {
        if (part.empty()) {
            return bad_glob(text, "a component is empty");
        }
        if (part.find('[') != std::string_view::npos) {
            return bad_glob(text, "character sets are not supported");
        }
        if (part != "**" && part.find("**") != std::string_view::npos) {
            return bad_glob(text, "\"**\" must be a whole component");
        }
        glob.components.push_back(compile_component(part));
    }
    if (glob.components.back().kind == GlobComponent::Kind::any_depth) {
        return bad_glob(text, "\"**\" must not stand last");
    }
    return glob;
}

} // namespace

bool GlobComponent::matches(std::string_view name) const {
    switch (kind) {
    case Kind::literal:
        return name == text;
    case Kind::any:
        return true;
    case Kind::suffix:
        return name.ends_with(text);
    case Kind::wildcard:
        return matches_wildcard(text, name);
    case Kind::any_depth:
        return false;
    }
    return false;
}

bool Glob::matches(std::string_view path) const {
    // As in matches_wildcard, with components in place of bytes.
    constexpr auto npos = std::string_view::npos;
    std::size_t c = 0;
    std::size_t at = 0; // path.size() + 1 once the last component is taken
    std::size_t star = npos;
    std::size_t retry = 0;
    const auto end_of = [&](std::size_t start) {
        const auto slash = path.find('/', start);
        return slash == npos ? path.size() : slash;
    };
    while (at <= path.size()) {
        if (c < components.size() && components[c].kind == GlobComponent::Kind::any_depth) {
            star = c++;
            retry = at;
            continue;
        }
        const auto end = end_of(at);
        if (c < components.size() && components[c].matches(path.substr(at, end - at))) {
            ++c;
            at = end + 1;
        } else if (star != npos) {
            c = star + 1;
            at = retry = end_of(retry) + 1;
        } else {
            return false;
        }
    }
    return c == components.size();
}

Result<std::vector<Glob>> compile_glob(std::string_view text) {
    BULLA_TRY_ASSIGN(const std::vector<std::string> expanded, expand_braces(text));
    std::vector<Glob> globs;
    for (const auto& one : expanded) {
        BULLA_TRY_ASSIGN(Glob glob, compile_one(one));
        globs.push_back(std::move(glob));
    }
    return globs;
}

} // namespace bulla::walk
