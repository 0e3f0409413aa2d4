// SPDX-License-Identifier: Apache-2.0
#include "oci/store/registry_referrers.hpp"

#include "base/core/text.hpp"
#include "oci/store/link_header.hpp"
#include "oci/store/raw_index.hpp"

#include <algorithm>
#include <map>
#include <mutex>
#include <set>
#include <thread>

namespace bulla::oci {

namespace {

constexpr int kFallbackAttempts = 5;

/// One lock for each subject that is being written in this process: our own threads need not race
/// for the fallback tag.
class SubjectLock {
  public:
    explicit SubjectLock(const std::string& key) {
        const std::lock_guard lock(table_mutex());
        auto& slot = table()[key];
        if (slot == nullptr) {
            slot = std::make_shared<std::mutex>();
        }
        mutex_ = slot;
    }

    std::mutex& mutex() { return *mutex_; }

  private:
    static std::mutex& table_mutex() {
        static std::mutex mutex;
        return mutex;
    }

    static std::map<std::string, std::shared_ptr<std::mutex>>& table() {
        static std::map<std::string, std::shared_ptr<std::mutex>> table;
        return table;
    }

    std::shared_ptr<std::mutex> mutex_; ///< shared by those that wait for it
};

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
    SubjectLock lock(session_.reference().name() + "@" + subject.to_string());
    const std::lock_guard held(lock.mutex());
    return write_fallback(referrer_entry(manifest, facts), subject);
}

Status RegistryReferrers::write_fallback(const Descriptor& entry, const Digest& subject) {
    const std::string tag = referrers_tag(subject);
    const auto by_digest = [](const RawIndex::Entry& a, const RawIndex::Entry& b) {
        return a.descriptor.digest < b.descriptor.digest;
    };
    const auto lists_entry = [&](const RawIndex& index) {
        return std::ranges::any_of(index.entries, [&](const RawIndex::Entry& other) {
            return other.descriptor.digest == entry.digest;
        });
    };
    for (int attempt = 0; attempt <= kFallbackAttempts; ++attempt) {
        auto stored = fetch_(tag);
        RawIndex index;
        if (stored) {
            if (!media_type::is_index(stored->descriptor.media_type)) {
                return Error{ErrorCode::malformed,
                             "the tag " + tag + " of " + session_.reference().name() +
                                 " must hold an index of referrers and holds \"" +
                                 text::printable(stored->descriptor.media_type) +
                                 "\"; it is not overwritten"};
            }
            BULLA_TRY_ASSIGN(index, RawIndex::parse(stored->bytes, stored->descriptor.media_type));
        } else if (stored.error().code != ErrorCode::not_found) {
            return std::move(stored.error());
        }
        if (lists_entry(index)) {
            return ok(); // also how the loop ends well: this is the re-read after the write
        }
        if (attempt == kFallbackAttempts) {
            break;
        }
        if (attempt > 0) { // another writer was faster; do not meet again
            std::this_thread::sleep_for(
                std::chrono::milliseconds(20 * attempt + (entry.digest.hex()[0] % 16) * 5));
        }
        index.entries.push_back(RawIndex::make_entry(entry));
        std::ranges::sort(index.entries, by_digest);
        Bytes bytes = index.encode();
        const Descriptor descriptor = describe(std::string(media_type::kIndex), bytes);
        BULLA_TRY_ASSIGN(const http::Response put,
                         put_(StoredManifest{descriptor, std::move(bytes)}, tag));
        if (put.status != 201 && put.status != 200 && put.status != 202) {
            return session_.error(put, "the list of referrers under the tag " + tag);
        }
    }
    return Error{ErrorCode::unavailable,
                 "the tag " + tag + " of " + session_.reference().name() +
                     " was overwritten by other writers " + std::to_string(kFallbackAttempts) +
                     " times"}
        .with_hint("run the same command again");
}

} // namespace bulla::oci
