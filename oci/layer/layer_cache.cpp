// SPDX-License-Identifier: Apache-2.0
#include "oci/layer/layer_cache.hpp"

#include "base/core/limits.hpp"
#include "base/core/text.hpp"
#include "base/crypto/hasher.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

namespace bulla::oci {

namespace {

constexpr std::string_view kMagic = "bullaLC1";
constexpr std::size_t kHashBytes = 32;
constexpr std::size_t kHeaderBytes = kMagic.size() + 2 * kHashBytes; // magic, key, checksum
constexpr unsigned kOwnerOnly = 0600;
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
    std::vector<char> block(256 * limits::kKiB);
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

Error damaged(std::string_view why) {
    return Error{ErrorCode::malformed, std::string(why)};
}

/// The facts' bytes of a cache file after its checks.
Result<Bytes> take_payload(Bytes file, ByteView key) {
    const ByteView view(file);
    if (view.size() < kHeaderBytes || view.substr(0, kMagic.size()) != kMagic) {
        return damaged("it is not a cache entry of this version");
    }
    if (view.substr(kMagic.size(), kHashBytes) != key) {
        return damaged("it belongs to another layer");
    }
    const auto sum = crypto::hash(HashAlgorithm::sha256, view.substr(kHeaderBytes));
    if (view.substr(kMagic.size() + kHashBytes, kHashBytes) != sum) {
        return damaged("its checksum is wrong");
    }
    file.erase(0, kHeaderBytes);
    return file;
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
        BULLA_TRY_ASSIGN(Bytes file, read_file(path, kFactsBytes));
        BULLA_TRY_ASSIGN(Bytes payload, take_payload(std::move(file), key));
        FileDescriptor overflow;
        if (const auto named = walk::overflow_named_in(payload)) {
            BULLA_TRY_ASSIGN(overflow, open_file(content_path(named->hash)));
            if (hash_file(overflow.value(), named->size) != Bytes(named->hash)) {
                return damaged("its content file is damaged");
            }
        }
        return walk::LayerFacts::parse(std::move(payload), std::move(overflow));
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
    std::vector<char> block(256 * limits::kKiB);
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
                                           const std::function<Result<FileDescriptor>()>& open_blob,
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
    BULLA_TRY_ASSIGN(job.blob, open_blob());
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
