// SPDX-License-Identifier: Apache-2.0
#include "oci/archive/archive_writer.hpp"

#include "base/archive/tar_writer.hpp"
#include "base/core/limits.hpp"
#include "base/core/text.hpp"
#include "base/io/file.hpp"
#include "oci/store/layout_files.hpp"
#include "oci/store/layout_repository.hpp"

#include <mutex>
#include <set>
#include <utility>

namespace bulla::oci {

class ArchiveWriter::Files final : public LayoutFiles {
  public:
    Files(std::string path, AtomicFile file) : path_(std::move(path)), file_(std::move(file)) {}

    std::string name() const override { return "oci-archive:" + path_; }

    std::string title() const override { return "the archive \"" + text::printable(path_) + "\""; }

    Result<RawIndex> read_index() const override {
        const std::lock_guard lock(index_mutex_);
        return index_;
    }

    Status edit_index(const std::function<Result<Edited>(RawIndex&)>& edit) const override {
        const std::lock_guard lock(index_mutex_); // an edit may put blobs
        RawIndex index = index_;
        BULLA_TRY_ASSIGN(const Edited edited, edit(index));
        if (edited == Edited::yes) {
            index_ = std::move(index);
        }
        return ok();
    }

    Result<BlobFile> open_blob(const Digest&) const override {
        return Error{ErrorCode::unsupported, title() + " is being written and not read"};
    }

    Result<bool> has_blob(const Digest& digest, std::uint64_t) const override {
        const std::lock_guard lock(mutex_);
        return blobs_.contains(digest);
    }

    Status write_blob(const Descriptor& blob, Reader& content) const override {
        const std::lock_guard lock(mutex_);
        if (blobs_.contains(blob.digest)) {
            return ok();
        }
        if (std::exchange(broken_, true)) {
            return Error{ErrorCode::io, title() + " could not be written before"};
        }
        BULLA_TRY(add(blob_name(blob.digest), blob.size, content));
        blobs_.insert(blob.digest);
        broken_ = false;
        return ok();
    }

    Status finish() {
        const std::scoped_lock lock(index_mutex_, mutex_);
        if (broken_) {
            return Error{ErrorCode::internal, "an archive is published without all of its blobs"};
        }
        BULLA_TRY(add("index.json", index_.encode()));
        BULLA_TRY(file_.write(archive::tar_end()));
        return file_.commit();
    }

    Status begin() { return add("oci-layout", std::string(kLayoutText)); }

  private:
    Status add(std::string_view name, const Bytes& bytes) const {
        MemoryReader reader(bytes);
        return add(name, bytes.size(), reader);
    }

    Status add(std::string_view name, std::uint64_t size, Reader& content) const {
        BULLA_TRY(file_.write(archive::tar_file_header(name, size)));
        constexpr std::size_t kBlock = 256 * limits::kKiB;
        const auto block = std::make_unique<char[]>(kBlock);
        while (true) {
            BULLA_TRY_ASSIGN(const std::size_t count, content.read(std::span(block.get(), kBlock)));
            if (count == 0) {
                return file_.write(archive::tar_padding(size));
            }
            BULLA_TRY(file_.write(ByteView(block.get(), count)));
        }
    }

    std::string path_;
    mutable std::mutex mutex_;
    mutable AtomicFile file_;
    mutable std::mutex index_mutex_; ///< taken before mutex_
    mutable RawIndex index_{};
    mutable std::set<Digest> blobs_{};
    mutable bool broken_ = false; ///< a member was begun and not ended: nothing may follow it
};

ArchiveWriter::ArchiveWriter(std::unique_ptr<Repository> repository, Files& files)
    : repository_(std::move(repository)), files_(&files) {}

ArchiveWriter::ArchiveWriter(ArchiveWriter&&) noexcept = default;
ArchiveWriter::~ArchiveWriter() = default;

Result<ArchiveWriter> ArchiveWriter::create(const std::string& path) {
    BULLA_TRY_ASSIGN(AtomicFile file, AtomicFile::create(path));
    auto files = std::make_unique<Files>(path, std::move(file));
    BULLA_TRY(files->begin());
    Files& kept = *files;
    return ArchiveWriter(make_layout_repository(std::move(files)), kept);
}

Repository& ArchiveWriter::repository() {
    return *repository_;
}

Status ArchiveWriter::finish() {
    return files_->finish();
}

} // namespace bulla::oci
