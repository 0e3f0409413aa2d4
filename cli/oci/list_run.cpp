// SPDX-License-Identifier: Apache-2.0
#include "base/core/text.hpp"
#include "base/walk/glob.hpp"
#include "cli/common/result_json.hpp"
#include "cli/images/image_access.hpp"
#include "cli/oci/list.hpp"

#include <vector>

namespace bulla::cli::oci {

namespace {

Result<bulla::oci::ImageName> parse_repository(const std::string& text) {
    BULLA_TRY_ASSIGN(auto name, bulla::oci::ImageName::parse(text));
    const bool whole = name.reference
                           ? name.reference->tag_is_default() && !name.reference->digest()
                           : name.ref_name.empty() && !name.digest;
    if (!whole) {
        return Error{ErrorCode::usage,
                     "list takes a repository without tag or digest and got \"" +
                         text::printable(text) + "\""};
    }
    return name;
}

/// Braces and brackets mean something in other tools, and no tag holds them: better refused than
/// silently matching nothing.
Status check_filter(const std::optional<std::string>& filter) {
    if (filter && filter->find_first_of("[]{}") != std::string::npos) {
        return Error{ErrorCode::usage, "--filter knows * and ? only"};
    }
    return ok();
}

} // namespace

Result<ExitCode> run_list(const ListOptions& options, Context& context) {
    BULLA_TRY_ASSIGN(const auto name, parse_repository(options.repository));
    BULLA_TRY(check_filter(options.filter));
    ImageAccess access(context, options.registry);
    BULLA_TRY_ASSIGN(const auto repository, access.open_repository(name));
    BULLA_TRY_ASSIGN(auto tags, repository->list_tags());
    if (options.filter) {
        const walk::GlobComponent pattern{walk::GlobComponent::Kind::wildcard, *options.filter};
        std::erase_if(tags, [&](const std::string& tag) { return !pattern.matches(tag); });
    }
    std::string lines;
    auto json = begin_result("list");
    json.member("repository", text::to_utf8(repository->name())).key("tags").begin_array();
    for (const std::string& tag : tags) {
        lines += text::printable(tag) + "\n";
        json.string(tag);
    }
    json.end_array().end_object();
    BULLA_TRY(context.output.prepare_all("text", lines));
    BULLA_TRY(context.output.prepare_all("json", json.finish() + "\n"));
    return ExitCode::done;
}

} // namespace bulla::cli::oci
