// SPDX-License-Identifier: Apache-2.0
#include "oci/store/registry_referrers.hpp"

#include "base/core/text.hpp"
#include "oci/store/link_header.hpp"
#include "oci/store/raw_index.hpp"

#include <algorithm>

namespace bulla::oci {

namespace {

void sort_and_filter(std::vector<Descriptor>& entries, std::string_view artifact_type) {
    std::erase_if(entries, [&](const Descriptor& entry) {
        return !artifact_type.empty() && entry.artifact_type != artifact_type;
    });
    std::ranges::sort(entries, {}, &Descriptor::digest);
    const auto twins = std::ranges::unique(entries, {}, &Descriptor::digest);
    entries.erase(twins.begin(), twins.end());
}

/// Whether a fallback entry's artifact type can be believed: some writers leave it out or put the
/// type of the empty config there.
bool needs_completion(const Descriptor& entry) {
    return entry.artifact_type.empty() || entry.artifact_type == media_type::kEmpty;
}

} // namespace

Result<http::Response> RegistryReferrers::ask(const std::string& url, Api& verdict) {
    http::Request request;
    request.url = url;
    request.headers = {{"Accept", std::string(media_type::kIndex)}};
    request.max_response_bytes = limits::kManifestBytes;
    // A registry without the API may send us to a web page on another host.
    request.redirects = http::Request::Redirects::return_response;
    BULLA_TRY_ASSIGN(http::Response response, session_.send(std::move(request), Access::pull));
    const std::string type =
        media_type::strip_parameters(response.header("Content-Type").value_or(""));
    verdict = Api::unknown;
    switch (response.status) {
    case 200:
        verdict = type == media_type::kIndex ? Api::present : Api::absent;
        return response;
    case 404:
        if (RegistrySession::error_code(response) == "NAME_UNKNOWN") {
            return session_.error(response, "the repository");
        }
        [[fallthrough]];
    case 301:
    case 302:
    case 303:
    case 307:
    case 308:
    case 400:
    case 405:
    case 406:
    case 501:
        verdict = Api::absent;
        return response;
    default: // throttled, refused, broken: nothing is known, which is not "none"
        return session_.error(response, "the list of referrers");
    }
}

Result<std::vector<Descriptor>> RegistryReferrers::list_api(const Digest& subject,
                                                            std::string_view artifact_type) {
    std::vector<Descriptor> out;
    BULLA_TRY_ASSIGN(std::string url, session_.url("referrers/" + subject.to_string()));
    std::uint64_t bytes = 0;
    for (std::size_t page = 0; page < limits::kReferrersPages; ++page) {
        Api verdict = Api::unknown;
        BULLA_TRY_ASSIGN(const http::Response response, ask(url, verdict));
        if (verdict == Api::absent && page == 0) {
            api_ = Api::absent;
            return out;
        }
        if (verdict == Api::absent) {
            return session_.error(response, "the next page of referrers");
        }
        api_ = Api::present;
        bytes += response.body.size();
        BULLA_TRY_ASSIGN(Index index, parse_index(response.body, media_type::kIndex));
        out.insert(out.end(),
                   std::make_move_iterator(index.manifests.begin()),
                   std::make_move_iterator(index.manifests.end()));
        const auto link = next_link(response.header("Link").value_or(""));
        if (!link) {
            sort_and_filter(out, artifact_type);
            return out;
        }
        if (bytes > limits::kReferrersBytes || out.size() > limits::kIndexEntries) {
            break;
        }
        BULLA_TRY_ASSIGN(const std::string next, http::resolve(url, *link));
        BULLA_TRY_ASSIGN(const http::Url here, http::parse_url(url));
        BULLA_TRY_ASSIGN(const http::Url there, http::parse_url(next));
        if (!http::same_origin(here, there)) {
            return Error{ErrorCode::unavailable,
                         "the registry continues its list of referrers on another host, " +
                             text::printable(there.host)};
        }
        url = next;
    }
    return Error{ErrorCode::limit_exceeded,
                 "the list of referrers of " + subject.to_string() + " has no end within " +
                     std::to_string(limits::kReferrersPages) + " pages"};
}

Status RegistryReferrers::complete(Descriptor& entry) {
    auto stored = fetch_(entry.digest.to_string());
    if (!stored && stored.error().code == ErrorCode::not_found) {
        return ok(); // listed and gone: whoever opens it will be told
    }
    if (!stored) {
        return std::move(stored.error());
    }
    if (const auto facts = read_facts(stored->bytes, entry.media_type)) {
        entry.artifact_type = facts->artifact_type;
        entry.annotations.insert(facts->annotations.begin(), facts->annotations.end());
    }
    return ok();
}

Result<std::vector<Descriptor>> RegistryReferrers::list_fallback(const Digest& subject,
                                                                 std::string_view artifact_type) {
    std::vector<Descriptor> out;
    auto stored = fetch_(referrers_tag(subject));
    if (!stored && stored.error().code == ErrorCode::not_found) {
        return out;
    }
    if (!stored) {
        return std::move(stored.error());
    }
    if (!media_type::is_index(stored->descriptor.media_type)) {
        return Error{ErrorCode::malformed,
                     "the tag " + referrers_tag(subject) + " of " + session_.reference().name() +
                         " must hold an index of referrers and holds \"" +
                         text::printable(stored->descriptor.media_type) + "\""};
    }
    BULLA_TRY_ASSIGN(Index index, parse_index(stored->bytes, stored->descriptor.media_type));
    std::size_t completed = 0;
    for (Descriptor& entry : index.manifests) {
        if (needs_completion(entry)) {
            if (++completed > limits::kAttachments) {
                return Error{ErrorCode::limit_exceeded,
                             "the tag " + referrers_tag(subject) + " lists more than " +
                                 std::to_string(limits::kAttachments) +
                                 " manifests without their artifact type"};
            }
            BULLA_TRY(complete(entry));
        }
        out.push_back(std::move(entry));
    }
    sort_and_filter(out, artifact_type);
    return out;
}

Result<std::vector<Descriptor>> RegistryReferrers::list(const Digest& subject,
                                                        std::string_view artifact_type) {
    if (api_ != Api::absent) {
        BULLA_TRY_ASSIGN(auto out, list_api(subject, artifact_type));
        if (api_ != Api::absent) {
            return out;
        }
    }
    return list_fallback(subject, artifact_type);
}

Status RegistryReferrers::add(const Descriptor& manifest,
                              const ManifestFacts& facts,
                              const http::Response& stored) {
    const Digest& subject = facts.subject->digest;
    if (api_ != Api::absent) {
        // The header alone is not believed: registries have sent it without having the API.
        BULLA_TRY_ASSIGN(const auto listed, list_api(subject, {}));
        const bool there = std::ranges::any_of(
            listed, [&](const Descriptor& entry) { return entry.digest == manifest.digest; });
        if (api_ == Api::present && (there || stored.header("OCI-Subject"))) {
            return ok();
        }
    }
    return write_fallback(referrer_entry(manifest, facts), subject);
}

Status RegistryReferrers::write_fallback(const Descriptor& entry, const Digest& subject) {
    const std::string tag = referrers_tag(subject);
    const auto by_digest = [](const RawIndex::Entry& a, const RawIndex::Entry& b) {
        return a.descriptor.digest < b.descriptor.digest;
    };
    const auto add = [&](const StoredManifest* current) -> Result<std::optional<TagContent>> {
        RawIndex index;
        if (current != nullptr) {
            const std::string& type = current->descriptor.media_type;
            if (!media_type::is_index(type)) {
                return Error{ErrorCode::malformed,
                             "the tag " + tag + " of " + session_.reference().name() +
                                 " must hold an index of referrers and holds \"" +
                                 text::printable(type) + "\"; it is not overwritten"};
            }
            BULLA_TRY_ASSIGN(index, RawIndex::parse(current->bytes, type));
        }
        const bool there = std::ranges::any_of(index.entries, [&](const RawIndex::Entry& other) {
            return other.descriptor.digest == entry.digest;
        });
        if (there) {
            return std::optional<TagContent>();
        }
        index.entries.push_back(RawIndex::make_entry(entry));
        std::ranges::sort(index.entries, by_digest);
        Bytes bytes = index.encode();
        Descriptor descriptor = describe(std::string(media_type::kIndex), bytes);
        return std::optional(TagContent{{std::move(descriptor), std::move(bytes)}});
    };
    BULLA_TRY(update_(tag, add));
    return ok();
}

} // namespace bulla::oci
