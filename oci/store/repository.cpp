// SPDX-License-Identifier: Apache-2.0
#include "oci/store/repository.hpp"

#include "base/core/side_by_side.hpp"
#include "base/crypto/hasher.hpp"
#include "oci/store/tag_update.hpp"

#include <algorithm>
#include <utility>

namespace bulla::oci {

Result<BlobFile> BlobSource::open_blob_file(const Descriptor&) {
    return BlobFile();
}

namespace {

/// A part of a file.
class RangeReader final : public Reader {
  public:
    RangeReader(BlobFile blob, std::string name)
        : file_(std::move(blob.file), std::move(name)), at_(*blob.offset), rest_(blob.size) {}

    Result<std::size_t> read(std::span<char> into) override {
        into = into.first(std::min<std::uint64_t>(into.size(), rest_));
        BULLA_TRY_ASSIGN(const std::size_t count, file_.read_at(into, at_));
        at_ += count;
        rest_ -= count;
        return count;
    }

  private:
    FileReader file_;
    std::uint64_t at_;
    std::uint64_t rest_;
};

} // namespace

std::unique_ptr<Reader> make_reader(BlobFile blob, std::string name) {
    if (blob.offset) {
        return std::make_unique<RangeReader>(std::move(blob), std::move(name));
    }
    return std::make_unique<FileReader>(std::move(blob.file), std::move(name));
}

Result<StoredManifest> Repository::update_tag(const std::string& tag, const NextContent& next) {
    return update_shared_tag(*this, tag, next);
}

Result<Bytes>
fetch_blob(BlobSource& source, const Descriptor& blob, std::uint64_t limit, std::string_view what) {
    if (blob.size > limit) {
        return Error{ErrorCode::limit_exceeded,
                     std::string(what) + " has " + std::to_string(blob.size) +
                         " bytes, and the limit is " + std::to_string(limit)}
            .with("digest", blob.digest.to_string());
    }
    // Content embedded in the descriptor saves a request (image-spec descriptor.md, "data").
    if (blob.data && blob.data->size() == blob.size &&
        crypto::digest(*blob.data, blob.digest.algorithm()) == blob.digest) {
        return *blob.data;
    }
    BULLA_TRY_ASSIGN(std::unique_ptr<Reader> stream, source.open_blob(blob));
    VerifyingReader verifying(std::move(stream), blob);
    Bytes out(static_cast<std::size_t>(blob.size) + 1, '\0');
    std::size_t used = 0;
    while (true) {
        BULLA_TRY_ASSIGN(const std::size_t count, verifying.read(std::span(out).subspan(used)));
        if (count == 0) {
            out.resize(used);
            return out;
        }
        used += count;
    }
}

Result<Descriptor> put_bytes(BlobSink& sink, std::string media_type, ByteView bytes) {
    Descriptor out = describe(std::move(media_type), bytes);
    MemoryReader reader(bytes);
    BULLA_TRY(sink.put_blob(out, reader));
    return out;
}

Status put_blobs(BlobSink& sink, std::span<const PendingBlob> blobs) {
    constexpr std::size_t kWidth = 4;
    std::vector<Status> outcomes(blobs.size());
    side_by_side(blobs.size(), kWidth, [&](std::size_t number) {
        const PendingBlob& blob = blobs[number];
        MemoryReader reader(blob.bytes);
        outcomes[number] = blob.expected == PendingBlob::Expected::new_content
                               ? sink.put_new_blob(blob.descriptor, reader)
                               : sink.put_blob(blob.descriptor, reader);
    });
    for (Status& outcome : outcomes) {
        BULLA_TRY(std::move(outcome));
    }
    return ok();
}

std::string referrers_tag(const Digest& subject) {
    constexpr std::size_t kEncoded = 64; // distribution-spec "Referrers Tag Schema"
    return std::string(bulla::to_string(subject.algorithm())) + "-" +
           subject.hex().substr(0, kEncoded);
}

} // namespace bulla::oci
