// SPDX-License-Identifier: Apache-2.0
#include "oci/archive/layout_archive.hpp"

#include "base/core/limits.hpp"
#include "base/core/text.hpp"
#include "oci/store/layout_files.hpp"
#include "oci/store/layout_repository.hpp"

#include <utility>

namespace bulla::oci {

namespace {

class LayoutArchive final : public LayoutFiles {
  public:
    explicit LayoutArchive(std::shared_ptr<const ArchiveFile> archive)
        : archive_(std::move(archive)) {}

    std::string name() const override { return "oci-archive:" + archive_->path(); }

    std::string title() const override { return archive_->title(); }

    Result<RawIndex> read_index() const override {
        auto bytes = archive_->read_member("index.json", limits::kManifestBytes);
        if (!bytes && bytes.error().code == ErrorCode::not_found) {
            bytes.error().code = ErrorCode::malformed; // every layout has one
        }
        BULLA_TRY(bytes);
        auto index = RawIndex::parse(*bytes, media_type::kIndex);
        if (!index) {
            return std::move(index.error())
                .with("archive", text::printable(archive_->path()))
                .with("member", "index.json");
        }
        return index;
    }

    Result<BlobFile> open_blob(const Digest& digest) const override {
        return archive_->open_member(blob_name(digest));
    }

    Result<bool> has_blob(const Digest& digest, std::uint64_t size) const override {
        const auto found = open_blob(digest);
        if (!found) {
            return found.error().code == ErrorCode::not_found ? Result<bool>(false) : found.error();
        }
        return found->size == size;
    }

    Status edit_index(const std::function<Result<Edited>(RawIndex&)>&) const override {
        return refuse_writing(*archive_);
    }

    Status write_blob(const Descriptor&, Reader&) const override {
        return refuse_writing(*archive_);
    }

  private:
    /// Shared with whoever looked into the archive to find out what it holds.
    std::shared_ptr<const ArchiveFile> archive_;
};

} // namespace

Error refuse_writing(const ArchiveFile& archive) {
    return Error{ErrorCode::unsupported, archive.title() + " is read, not changed"}.with_hint(
        "copy the image into a layout folder or a registry first: `bulla-oci copy " +
        text::printable(archive.path()) + " oci:DIR:TAG`");
}

Result<std::unique_ptr<Repository>>
open_layout_archive(std::shared_ptr<const ArchiveFile> archive) {
    auto text = archive->read_member("oci-layout", kLayoutFileBytes);
    if (!text && text.error().code == ErrorCode::not_found) {
        return Error{ErrorCode::malformed,
                     archive->title() + " holds no OCI image layout: it has no file oci-layout"};
    }
    BULLA_TRY(text);
    BULLA_TRY(check_layout_text(*text, archive->title() + ", oci-layout"));
    auto files = std::make_unique<LayoutArchive>(std::move(archive));
    BULLA_TRY(files->read_index());
    return make_layout_repository(std::move(files));
}

} // namespace bulla::oci
