// SPDX-License-Identifier: Apache-2.0
#include "base/archive/tar_walker.hpp"
#include "base/compress/decompressor.hpp"
#include "base/core/limits.hpp"
#include "base/core/text.hpp"
#include "base/crypto/hasher.hpp"
#include "oci/layer/blob_reader.hpp"
#include "oci/layer/blocks.hpp"
#include "oci/layer/inflate_reader.hpp"
#include "oci/layer/layer_collector.hpp"
#include "oci/layer/layer_reader.hpp"

#include <string>
#include <utility>

namespace bulla::oci {

namespace {

/// Below this a layer is done before threads would have paid for themselves.
constexpr std::uint64_t kPipelineFrom = 512 * limits::kKiB;

// ISA-L loses its lead on small blocks (each call copies 32 KiB of history); larger ones leave the
// second-level cache. Together the two rings are the memory of a layer job.
constexpr std::size_t kInputBlock = 256 * limits::kKiB;
constexpr std::size_t kInputBlocks = 4;
constexpr std::size_t kOutputBlock = 512 * limits::kKiB;
constexpr std::size_t kOutputBlocks = 4;

enum class Threads : std::uint8_t { one, pipeline };

std::unique_ptr<BlockSource>
make_blocks(Threads threads, Reader& reader, std::size_t block, std::size_t blocks) {
    if (threads == Threads::one) {
        return std::make_unique<DirectBlocks>(reader, block);
    }
    return std::make_unique<ReadAhead>(reader, block, blocks);
}

/// One call of LayerReader::read.
class LayerWalk {
  public:
    LayerWalk(LayerJob job, const walk::EntryRouter& router, ProgressTask& progress)
        : digest_(job.blob_digest), diff_id_(std::move(job.diff_id)), check_(job.diff_id_check),
          threads_(job.blob_size < kPipelineFrom ? Threads::one : Threads::pipeline),
          blob_(std::move(job.blob), job.blob_digest, job.blob_size, job.blob_offset, progress),
          collector_(router), walker_(collector_) {}

    Result<walk::LayerFacts> run() {
        const auto blob = make_blocks(threads_, blob_, kInputBlock, kInputBlocks);
        auto status = walk(*blob);
        // Damaged bytes are more likely a damaged blob than a bad writer: whoever announced the
        // digest is answered about the digest first.
        if (!status && status.error().code != ErrorCode::integrity &&
            status.error().code != ErrorCode::io) {
            BULLA_TRY(drain(*blob));
        }
        BULLA_TRY(std::move(status));
        return finish();
    }

  private:
    Status walk(BlockSource& blob) {
        BULLA_TRY_ASSIGN(const ByteView first, blob.next());
        compression_ = compress::detect(first);
        if (hashes_inflated()) {
            diff_hasher_.emplace(diff_id_->algorithm());
        }
        if (compression_ == compress::Compression::none) {
            BULLA_TRY(feed_all(blob, first));
            return walker_.finish();
        }
        BULLA_TRY_ASSIGN(auto decompressor, compress::make_decompressor(compression_));
        InflateReader inflate(blob, first, std::move(decompressor));
        const auto blocks = make_blocks(threads_, inflate, kOutputBlock, kOutputBlocks);
        BULLA_TRY_ASSIGN(const ByteView inflated, blocks->next());
        BULLA_TRY(feed_all(*blocks, inflated));
        return walker_.finish();
    }

    Status feed_all(BlockSource& blocks, ByteView block) {
        while (!block.empty()) {
            if (diff_hasher_) {
                diff_hasher_->update(block);
            }
            BULLA_TRY(walker_.feed(block));
            BULLA_TRY_ASSIGN(block, blocks.next());
        }
        return ok();
    }

    static Status drain(BlockSource& blob) {
        while (true) {
            BULLA_TRY_ASSIGN(const ByteView block, blob.next());
            if (block.empty()) {
                return ok();
            }
        }
    }

    /// The digest of a plain tar is its diff_id; nothing needs to be hashed twice.
    bool hashes_inflated() const {
        return check_ == DiffIdCheck::verify && (compression_ != compress::Compression::none ||
                                                 diff_id_->algorithm() != digest_.algorithm());
    }

    Result<walk::LayerFacts> finish() {
        if (!blob_.verified()) {
            return Error{ErrorCode::internal, "a layer was read without being verified"};
        }
        std::optional<Digest> found;
        if (diff_hasher_) {
            found = diff_hasher_->finish_digest();
        } else if (compression_ == compress::Compression::none) {
            found = digest_;
        }
        if (check_ == DiffIdCheck::verify && found != diff_id_) {
            return Error{ErrorCode::integrity,
                         "a layer's inflated bytes do not have the diff_id that the image's "
                         "configuration gives"}
                .with("expected", diff_id_->to_string())
                .with("found", found ? found->to_string() : "");
        }
        const bool recorded = found && found->algorithm() == HashAlgorithm::sha256;
        const Bytes hash = recorded ? text::from_hex(found->hex()).value_or(Bytes()) : Bytes();
        BULLA_TRY_ASSIGN(auto finished, collector_.finish(hash));
        return walk::LayerFacts::parse(std::move(finished.bytes), std::move(finished.overflow));
    }

    Digest digest_;
    std::optional<Digest> diff_id_;
    DiffIdCheck check_;
    Threads threads_;
    compress::Compression compression_ = compress::Compression::none;
    std::optional<crypto::Hasher> diff_hasher_;
    BlobReader blob_;
    LayerCollector collector_;
    archive::TarWalker walker_;
};

class InProcessLayerReader final : public LayerReader {
  public:
    Result<walk::LayerFacts>
    read(LayerJob job, const walk::EntryRouter& router, ProgressTask& progress) override {
        if (job.diff_id_check == DiffIdCheck::verify && !job.diff_id) {
            return Error{ErrorCode::internal, "a diff_id is to be verified and none was given"};
        }
        const std::string name = job.blob_digest.to_string();
        LayerWalk walk(std::move(job), router, progress);
        auto facts = walk.run();
        if (!facts) {
            return std::move(facts.error()).with("layer", name);
        }
        return facts;
    }
};

} // namespace

std::unique_ptr<LayerReader> make_in_process_layer_reader() {
    return std::make_unique<InProcessLayerReader>();
}

} // namespace bulla::oci
