// SPDX-License-Identifier: Apache-2.0
#include "oci/store/registry_upload.hpp"

#include "base/core/text.hpp"
#include "oci/store/borrowed_reader.hpp"

#include <optional>

namespace bulla::oci {

namespace {

/// Read and verified before anything is sent, so that the request can be repeated. Signatures,
/// documents and configurations are below this.
constexpr std::uint64_t kInMemoryBytes = 4 * limits::kMiB;

/// Ends where the content ends, where it turns out to be wrong, and where the run is interrupted,
/// and keeps the reason. A request that ends in order leaves a session that can be cancelled: a
/// registry may accept a cancellation only under the name that its last answer gave the session
/// (docker-registry 2.8 compares the size in that name with what has arrived), and a request that
/// breaks off has no answer.
class OrderlyReader final : public Reader {
  public:
    explicit OrderlyReader(Reader& inner) : inner_(inner) {}

    Result<std::size_t> read(std::span<char> into) override {
        if (failure_) {
            return std::size_t{0};
        }
        if (auto status = OpenUpload::may_go_on(); !status) {
            failure_ = std::move(status.error());
            return std::size_t{0};
        }
        auto count = inner_.read(into);
        if (!count) {
            failure_ = std::move(count.error());
            return std::size_t{0};
        }
        return count;
    }

    /// Why the content ended early, if it did.
    Status verdict() const { return failure_ ? Status(*failure_) : ok(); }

  private:
    Reader& inner_;
    std::optional<Error> failure_;
};

/// Where the content goes: the Location of the answer, with everything in its query kept byte for
/// byte (registries sign it).
Result<std::string> upload_url(const http::Response& response) {
    const auto location = response.header("Location");
    if (!location) {
        return Error{ErrorCode::unavailable,
                     "the registry starts an upload and does not say where"};
    }
    auto url = http::resolve(response.final_url, *location);
    if (!url) {
        return Error{ErrorCode::unavailable,
                     "the registry wants the upload at an unusable place: " + url.error().message};
    }
    BULLA_TRY_ASSIGN(const http::Url from, http::parse_url(response.final_url));
    BULLA_TRY_ASSIGN(const http::Url to, http::parse_url(*url));
    BULLA_TRY(http::check_hop(from, to));
    return url;
}

std::string with_digest(std::string url, const Digest& digest) {
    url += url.find('?') == std::string::npos ? '?' : '&';
    return url + "digest=" + std::string(bulla::to_string(digest.algorithm())) + "%3A" +
           digest.hex();
}

http::Request content_request(std::string method, std::string url) {
    http::Request request;
    request.method = std::move(method);
    request.url = std::move(url);
    request.headers = {{"Content-Type", "application/octet-stream"}};
    return request;
}

Result<std::unique_ptr<OpenUpload>> begin_upload(RegistrySession& session, std::string_view what) {
    auto upload = std::make_unique<OpenUpload>(session);
    BULLA_TRY(OpenUpload::may_go_on());
    http::Request request;
    request.method = "POST";
    BULLA_TRY_ASSIGN(request.url, session.url("blobs/uploads/"));
    BULLA_TRY_ASSIGN(const http::Response started, session.send(std::move(request), Access::push));
    if (started.status != 202) {
        return session.error(started, what);
    }
    BULLA_TRY_ASSIGN(std::string location, upload_url(started));
    BULLA_TRY(upload->named(std::move(location)));
    return upload;
}

/// Sends the content and leaves the upload with the name that the registry gives it afterwards.
Status
stream(RegistrySession& session, OpenUpload& upload, Reader& content, std::string_view what) {
    OrderlyReader orderly(content);
    http::Request request = content_request("PATCH", upload.location());
    request.body = &orderly;
    request.body_length = http::Request::BodyLength::open;
    upload.sending();
    const auto sent = session.send(std::move(request), Access::push);
    if (sent && sent->status >= 200 && sent->status < 300) {
        BULLA_TRY_ASSIGN(std::string location, upload_url(*sent));
        const Status named = upload.named(std::move(location));
        BULLA_TRY(orderly.verdict());
        return named;
    }
    BULLA_TRY(orderly.verdict());
    return sent ? Status(session.error(*sent, what)) : Status(sent.error());
}

} // namespace

MountOutcome
mount_blob_from(RegistrySession& session, const Descriptor& blob, std::string_view repository) {
    auto upload = std::make_unique<OpenUpload>(session);
    auto url = session.url("blobs/uploads/");
    if (!OpenUpload::may_go_on() || !url) {
        return {};
    }
    http::Request request;
    request.method = "POST";
    // The letters of a repository's name need no escape in a query (RFC 3986 section 3.4).
    request.url = *url + "?mount=" + std::string(bulla::to_string(blob.digest.algorithm())) +
                  "%3A" + blob.digest.hex() + "&from=" + std::string(repository);
    const auto answer = session.send(std::move(request), Access::push, repository);
    if (answer && answer->status == 201) {
        upload->complete();
        return {.kind = MountOutcome::Kind::mounted};
    }
    auto location = answer && answer->status == 202
                        ? upload_url(*answer)
                        : Result<std::string>(Error{ErrorCode::unavailable, "not mounted"});
    if (!location || !upload->named(std::move(*location))) {
        return {};
    }
    return {.kind = MountOutcome::Kind::begun, .upload = std::move(upload)};
}

Status upload_blob(RegistrySession& session,
                   const Descriptor& blob,
                   Reader& content,
                   std::unique_ptr<OpenUpload> begun) {
    const std::string what = "the upload of " + blob.digest.to_string();
    VerifyingReader verifying(std::make_unique<BorrowedReader>(content), blob);
    Bytes small;
    if (blob.size <= kInMemoryBytes) {
        BULLA_TRY_ASSIGN(small, read_all(verifying, kInMemoryBytes, what));
    }
    if (begun == nullptr) {
        BULLA_TRY_ASSIGN(begun, begin_upload(session, what));
    }
    if (blob.size > kInMemoryBytes) {
        BULLA_TRY(stream(session, *begun, verifying, what));
    }
    BULLA_TRY(OpenUpload::may_go_on());
    http::Request last = content_request("PUT", with_digest(begun->location(), blob.digest));
    last.body_bytes = std::move(small);
    begun->sending();
    BULLA_TRY_ASSIGN(const http::Response done, session.send(std::move(last), Access::push));
    if (done.status != 201 && done.status != 204) {
        return session.error(done, what);
    }
    begun->complete();
    return OpenUpload::may_go_on(); // what would follow is the manifest
}

} // namespace bulla::oci
