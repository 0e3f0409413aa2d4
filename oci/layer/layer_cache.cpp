// SPDX-License-Identifier: Apache-2.0
#include "oci/layer/layer_cache.hpp"

#include "base/core/limits.hpp"
#include "base/core/text.hpp"
#include "base/crypto/hasher.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <future>
#include <span>
#include <utility>
#include <vector>

namespace bulla::oci {

namespace {

constexpr std::string_view kMagic = "bullaLC1";
constexpr std::size_t kHashBytes = 32;
constexpr std::size_t kHeaderBytes = kMagic.size() + 2 * kHashBytes; // magic, key, checksum
constexpr unsigned kOwnerOnly = 0600;
constexpr std::size_t kBlockBytes = 256 * limits::kKiB;
constexpr std::size_t kStepBytes = 64 * limits::kKiB;
/// Facts of the largest layer: entries and inline content; a file beyond it is not ours.
constexpr std::uint64_t kFactsBytes = 4 * limits::kGiB;

Bytes key_of(const Digest& blob, const walk::EntryRouter& router) {
    return crypto::hash(HashAlgorithm::sha256,
                        "bulla.layer-cache/1\n" + blob.to_string() + "\n" +
                            router.version().to_string() + "\n" + std::to_string(limits::kVersion) +
                            "\n");
}

Status make_folders(const std::string& path) {
    for (std::size_t at = 0; at != std::string::npos;) {
        at = path.find('/', at + 1);
        const auto part = path.substr(0, at);
        if (::mkdir(part.c_str(), 0700) != 0 && errno != EEXIST) {
            return Error{ErrorCode::io,
                         "cannot make the cache folder \"" + text::printable(part) +
                             "\": " + std::strerror(errno)};
        }
    }
    return ok();
}

/// The SHA-256 of a file of known size, read by position; nothing if it cannot be read.
std::optional<Bytes> hash_file(int fd, std::uint64_t size) {
    crypto::Hasher hasher(HashAlgorithm::sha256);
    std::vector<char> block(kBlockBytes);
    std::uint64_t done = 0;
    while (done < size) {
        const auto count = ::pread(fd,
                                   block.data(),
                                   std::min<std::uint64_t>(block.size(), size - done),
                                   static_cast<off_t>(done));
        if (count <= 0) {
            return std::nullopt;
        }
        hasher.update(ByteView(block.data(), static_cast<std::size_t>(count)));
        done += static_cast<std::uint64_t>(count);
    }
    return hasher.finish();
}

/// Compares a content file with its name on a thread of its own, because it is the larger part of
/// an entry and what is in it is not needed to read the facts. The file is open twice, so that
/// neither side depends on how long the other keeps it.
class ContentCheck {
  public:
    ContentCheck(const FileDescriptor& content, const walk::OverflowName& name)
        : found_(std::async(std::launch::async | std::launch::deferred,
                            [file = duplicate(content), size = name.size] {
                                return hash_file(file.value(), size);
                            })),
          expected_(name.hash) {}

    /// Waits for the answer.
    bool holds() { return found_.get() == expected_; }

  private:
    static FileDescriptor duplicate(const FileDescriptor& file) {
        return FileDescriptor(::fcntl(file.value(), F_DUPFD_CLOEXEC, 0));
    }

    std::future<std::optional<Bytes>> found_;
    Bytes expected_;
};

Error damaged(std::string_view why) {
    return Error{ErrorCode::malformed, std::string(why)};
}

/// The first bytes of the facts in a cache file, unchecked: enough for the name of their content
/// file.
Bytes peek_payload(const FileDescriptor& fd) {
    Bytes beginning(4 * limits::kKiB, '\0');
    const auto count =
        ::pread(fd.value(), beginning.data(), beginning.size(), static_cast<off_t>(kHeaderBytes));
    beginning.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
    return beginning;
}

/// Appends at most `size` bytes of the file; fewer only at its end.
Status append_from(FileReader& file, std::size_t size, Bytes& bytes) {
    const auto end = bytes.size() + size;
    while (bytes.size() < end) {
        const auto used = bytes.size();
        bytes.resize(end);
        BULLA_TRY_ASSIGN(const std::size_t count, file.read(std::span(bytes).subspan(used)));
        bytes.resize(used + count);
        if (count == 0) {
            break;
        }
    }
    return ok();
}

/// The facts' bytes of a cache file after its checks. They are hashed as they come, while they are
/// in the processor's cache, into memory that is taken once.
Result<Bytes> read_payload(FileDescriptor fd, const std::string& path, ByteView key) {
    struct stat info{};
    if (::fstat(fd.value(), &info) != 0 || info.st_size < static_cast<off_t>(kHeaderBytes) ||
        static_cast<std::uint64_t>(info.st_size) > kFactsBytes) {
        return damaged("its size is not that of a cache entry");
    }
    FileReader file(std::move(fd), path);
    Bytes header;
    BULLA_TRY(append_from(file, kHeaderBytes, header));
    const ByteView view(header);
    if (view.size() < kHeaderBytes || !view.starts_with(kMagic)) {
        return damaged("it is not a cache entry of this version");
    }
    if (view.substr(kMagic.size(), kHashBytes) != key) {
        return damaged("it belongs to another layer");
    }
    const auto size = static_cast<std::size_t>(info.st_size) - kHeaderBytes;
    crypto::Hasher hasher(HashAlgorithm::sha256);
    Bytes payload;
    payload.reserve(size);
    while (payload.size() < size) {
        const auto done = payload.size();
        BULLA_TRY(append_from(file, std::min(kStepBytes, size - done), payload));
        if (payload.size() == done) {
            return damaged("it became shorter while it was read");
        }
        hasher.update(ByteView(payload).substr(done));
    }
    if (view.substr(kMagic.size() + kHashBytes) != hasher.finish()) {
        return damaged("its checksum is wrong");
    }
    return payload;
}

} // namespace

std::string LayerCache::facts_path(const std::string& key) const {
    return folder_ + "/layers/" + text::to_hex(key);
}

std::string LayerCache::content_path(ByteView hash) const {
    return folder_ + "/content/" + text::to_hex(hash);
}

std::optional<walk::LayerFacts>
LayerCache::find(const Digest& blob, const walk::EntryRouter& router, Logger& logger) const {
    const auto key = key_of(blob, router);
    const auto path = facts_path(key);
    auto facts = [&]() -> Result<walk::LayerFacts> {
        BULLA_TRY_ASSIGN(FileDescriptor file, open_file(path));
        const Bytes beginning = peek_payload(file);
        FileDescriptor content;
        std::optional<ContentCheck> check;
        if (const auto named = walk::overflow_named_in(beginning)) {
            BULLA_TRY_ASSIGN(content, open_file(content_path(named->hash)));
            check.emplace(content, *named);
        }
        BULLA_TRY_ASSIGN(Bytes payload, read_payload(std::move(file), path, key));
        if (!payload.starts_with(beginning)) {
            return damaged("it changed while it was read");
        }
        auto parsed = walk::LayerFacts::parse(std::move(payload), std::move(content));
        if (check && !check->holds()) {
            return damaged("its content file is damaged");
        }
        return parsed;
    }();
    if (facts) {
        return std::move(*facts);
    }
    if (facts.error().code != ErrorCode::not_found) {
        logger.debug("a cached layer is not used",
                     {{"file", text::printable(path)}, {"reason", facts.error().message}});
    }
    return std::nullopt;
}

Status LayerCache::store_content(const walk::LayerFacts& facts) const {
    const auto path = content_path(facts.overflow_hash());
    BULLA_TRY_ASSIGN(AtomicFile file, AtomicFile::create(path, Durability::relaxed, kOwnerOnly));
    std::vector<char> block(kBlockBytes);
    std::uint64_t done = 0;
    while (done < facts.overflow_size()) {
        const auto count =
            ::pread(facts.overflow(), block.data(), block.size(), static_cast<off_t>(done));
        if (count <= 0) {
            return Error{ErrorCode::io, "cannot read the kept content of a layer"};
        }
        BULLA_TRY(file.write(ByteView(block.data(), static_cast<std::size_t>(count))));
        done += static_cast<std::uint64_t>(count);
    }
    return file.commit();
}

Status LayerCache::store(const Digest& blob,
                         const walk::EntryRouter& router,
                         const walk::LayerFacts& facts) const {
    BULLA_TRY(make_folders(folder_ + "/layers"));
    // Content first: facts that name it must find it.
    if (facts.overflow_size() > 0) {
        BULLA_TRY(make_folders(folder_ + "/content"));
        BULLA_TRY(store_content(facts));
    }
    const auto key = key_of(blob, router);
    BULLA_TRY_ASSIGN(AtomicFile file,
                     AtomicFile::create(facts_path(key), Durability::relaxed, kOwnerOnly));
    BULLA_TRY(
        file.write(std::string(kMagic) + key + crypto::hash(HashAlgorithm::sha256, facts.bytes())));
    BULLA_TRY(file.write(facts.bytes()));
    return file.commit();
}

namespace {

bool can_answer(const walk::LayerFacts& facts, const LayerJob& job) {
    return job.diff_id_check == DiffIdCheck::trust ||
           (!facts.diff_id_hash().empty() && job.diff_id &&
            job.diff_id->algorithm() == HashAlgorithm::sha256);
}

Status check_diff_id(const walk::LayerFacts& facts, const LayerJob& job) {
    if (job.diff_id_check == DiffIdCheck::trust) {
        return ok();
    }
    const auto found = Digest::from_raw(HashAlgorithm::sha256, facts.diff_id_hash());
    if (found == *job.diff_id) {
        return ok();
    }
    return Error{ErrorCode::integrity,
                 "a layer's inflated bytes do not have the diff_id that the image's configuration "
                 "gives"}
        .with("expected", job.diff_id->to_string())
        .with("found", found.to_string())
        .with("layer", job.blob_digest.to_string());
}

} // namespace

Result<walk::LayerFacts> read_layer_cached(const CachedReading& reading,
                                           LayerJob job,
                                           const std::function<Status(LayerJob&)>& open_blob,
                                           ProgressTask& progress) {
    const auto digest = job.blob_digest;
    if (reading.cache != nullptr) {
        auto facts = reading.cache->find(digest, reading.router, reading.logger);
        if (facts && can_answer(*facts, job)) {
            BULLA_TRY(check_diff_id(*facts, job));
            progress.advance(job.blob_size);
            return std::move(*facts);
        }
    }
    BULLA_TRY(open_blob(job));
    BULLA_TRY_ASSIGN(walk::LayerFacts facts,
                     reading.reader.read(std::move(job), reading.router, progress));
    if (reading.cache != nullptr) {
        const auto stored = reading.cache->store(digest, reading.router, facts);
        if (!stored) {
            reading.logger.warning("a layer could not be cached",
                                   {{"reason", stored.error().message}});
        }
    }
    return facts;
}

} // namespace bulla::oci
