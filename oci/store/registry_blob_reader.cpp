// SPDX-License-Identifier: Apache-2.0
#include "oci/store/registry_blob_reader.hpp"

#include "base/core/text.hpp"

#include <algorithm>
#include <chrono>
#include <optional>

namespace bulla::oci {

namespace {

/// Breaks in a row without progress; each also has the HTTP client's own repetitions.
constexpr int kResumes = 3;

using SteadyTime = std::chrono::steady_clock::time_point;

class RegistryBlobReader final : public Reader {
  public:
    RegistryBlobReader(std::shared_ptr<RegistrySession> session, Descriptor blob)
        : session_(std::move(session)), blob_(std::move(blob)) {}

    Status connect();
    Result<std::size_t> read(std::span<char> into) override;

  private:
    Status accept_range(const http::Response& head);
    Status skip(std::uint64_t bytes);
    Error wrong(std::string why) const;
    bool may_resume(SteadyTime asked);

    std::shared_ptr<RegistrySession> session_; ///< shared with the repository
    Descriptor blob_;
    std::unique_ptr<Reader> body_;
    std::uint64_t offset_ = 0;
    int breaks_ = 0;
    std::uint64_t progress_at_ = 0;      ///< the offset at which the breaks were last forgiven
    std::optional<SteadyTime> progress_; ///< and when; nothing before the first break
};

Error RegistryBlobReader::wrong(std::string why) const {
    return Error{ErrorCode::integrity,
                 text::printable(session_->reference().registry()) + " " + std::move(why)}
        .with("blob", blob_.digest.to_string());
}

Status RegistryBlobReader::skip(std::uint64_t bytes) {
    constexpr std::size_t kBlock = 64 * 1024;
    const auto block = std::make_unique<char[]>(kBlock);
    while (bytes > 0) {
        const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(bytes, kBlock));
        BULLA_TRY_ASSIGN(const std::size_t count, body_->read(std::span(block.get(), wanted)));
        if (count == 0) {
            return wrong("sends less on the second attempt than on the first");
        }
        bytes -= count;
    }
    return ok();
}

Status RegistryBlobReader::accept_range(const http::Response& head) {
    const auto range = head.header("Content-Range");
    const auto start = range ? range_start(*range, blob_.size) : std::nullopt;
    if (start != offset_) {
        return wrong("was asked for the bytes from " + std::to_string(offset_) +
                     " on and answers with \"" + text::printable(range.value_or("")) + "\"");
    }
    return ok();
}

Status RegistryBlobReader::connect() {
    http::Request request;
    BULLA_TRY_ASSIGN(request.url, session_->url("blobs/" + blob_.digest.to_string()));
    if (offset_ > 0) {
        // Never an open range: some servers read only the closed form.
        request.headers.emplace_back(
            "Range", "bytes=" + std::to_string(offset_) + "-" + std::to_string(blob_.size - 1));
    }
    BULLA_TRY_ASSIGN(http::StreamedResponse response,
                     session_->open(std::move(request), Access::pull));
    body_ = std::move(response.body);
    const http::Response& head = response.head;
    if (head.status == 206 && offset_ > 0) {
        return accept_range(head);
    }
    if (head.status != 200) {
        http::Response failed = head;
        // The body only decorates the message; not all servers send what they announce of it.
        if (auto text = read_all(*body_, limits::kErrorBodyBytes, "error")) {
            failed.body = std::move(*text);
        }
        return session_->error(failed, "the blob " + blob_.digest.to_string());
    }
    if (const auto length = head.header("Content-Length");
        length && text::parse_unsigned(*length) != blob_.size) {
        return wrong("announces " + text::printable(*length) + " bytes, and the manifest " +
                     std::to_string(blob_.size));
    }
    return skip(offset_);
}

/// `asked` is when the bytes that did not come were asked for: the time a slow caller takes between
/// his reads is not the registry's.
bool RegistryBlobReader::may_resume(SteadyTime asked) {
    if (!progress_ || offset_ - progress_at_ >= limits::kResumeBytes) {
        progress_at_ = offset_;
        progress_ = asked;
        breaks_ = 0;
    }
    return offset_ < blob_.size && ++breaks_ <= kResumes &&
           std::chrono::steady_clock::now() - *progress_ < limits::kResumeTime;
}

Result<std::size_t> RegistryBlobReader::read(std::span<char> into) {
    const SteadyTime asked = std::chrono::steady_clock::now();
    while (true) {
        auto count = body_->read(into);
        if (count) {
            offset_ += *count;
            return count;
        }
        if (count.error().code != ErrorCode::unavailable || !may_resume(asked)) {
            return count;
        }
        body_.reset();
        BULLA_TRY(connect());
    }
}

} // namespace

std::optional<std::uint64_t> range_start(std::string_view content_range, std::uint64_t size) {
    constexpr std::string_view kUnit = "bytes ";
    if (!content_range.starts_with(kUnit)) {
        return std::nullopt;
    }
    content_range.remove_prefix(kUnit.size());
    const auto start = text::parse_unsigned(text::take_until(content_range, '-'));
    const auto last = text::parse_unsigned(text::take_until(content_range, '/'));
    const bool whole = content_range == "*" || text::parse_unsigned(content_range) == size;
    if (!start || !last || !whole || size == 0 || *last != size - 1 || *start > *last) {
        return std::nullopt;
    }
    return start;
}

Result<std::unique_ptr<Reader>> open_registry_blob(std::shared_ptr<RegistrySession> session,
                                                   const Descriptor& blob) {
    auto reader = std::make_unique<RegistryBlobReader>(std::move(session), blob);
    BULLA_TRY(reader->connect());
    return std::unique_ptr<Reader>(std::move(reader));
}

} // namespace bulla::oci
