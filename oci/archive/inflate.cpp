// SPDX-License-Identifier: Apache-2.0
#include "oci/archive/inflate.hpp"

#include "base/compress/decompressor.hpp"
#include "base/core/limits.hpp"
#include "base/crypto/hasher.hpp"
#include "oci/store/platform_image.hpp"

#include <memory>
#include <string>
#include <utility>

namespace bulla::oci {

namespace {

constexpr std::size_t kBlock = 256 * limits::kKiB;

using Sink = std::function<Status(ByteView)>;

/// Fills as much of `into` as the source has.
Result<std::size_t> read_full(Reader& source, std::span<char> into) {
    std::size_t filled = 0;
    while (filled < into.size()) {
        BULLA_TRY_ASSIGN(const std::size_t count, source.read(into.subspan(filled)));
        if (count == 0) {
            break;
        }
        filled += count;
    }
    return filled;
}

class Inflation {
  public:
    Inflation(Reader& source, const Sink& sink) : source_(source), sink_(sink) {}

    Status run() {
        const auto block = std::make_unique_for_overwrite<char[]>(kBlock);
        BULLA_TRY_ASSIGN(std::size_t count, read_full(source_, std::span(block.get(), kBlock)));
        const auto compression = compress::detect(ByteView(block.get(), count));
        if (compression != compress::Compression::none) {
            BULLA_TRY_ASSIGN(inflate_, compress::make_decompressor(compression));
            room_ = std::make_unique_for_overwrite<char[]>(kBlock);
        }
        while (count != 0) {
            const ByteView bytes(block.get(), count);
            read_ += count;
            BULLA_TRY(inflate_ ? pass_inflated(bytes) : pass(bytes));
            BULLA_TRY_ASSIGN(count, read_full(source_, std::span(block.get(), kBlock)));
        }
        if (inflate_) {
            BULLA_TRY(pass_inflated({}));
            return inflate_->finish();
        }
        return ok();
    }

  private:
    Status pass_inflated(ByteView bytes) {
        while (true) {
            BULLA_TRY_ASSIGN(const auto step,
                             inflate_->step(bytes, std::span(room_.get(), kBlock)));
            bytes.remove_prefix(step.consumed);
            BULLA_TRY(pass(ByteView(room_.get(), step.produced)));
            if (step.consumed == 0 && step.produced == 0) {
                return bytes.empty() ? ok()
                                     : Status(Error{ErrorCode::malformed,
                                                    "compressed bytes cannot be inflated"});
            }
        }
    }

    Status pass(ByteView bytes) {
        passed_ += bytes.size();
        if (passed_ > limits::kSpooledBytes) {
            return Error{ErrorCode::limit_exceeded,
                         "expected an archive of at most " + std::to_string(limits::kSpooledBytes) +
                             " bytes and found more"}
                .with_hint("a larger archive can be read from a file that is not compressed");
        }
        if (passed_ > limits::kLayerRatioFrom && passed_ / limits::kLayerRatio > read_) {
            return Error{ErrorCode::limit_exceeded,
                         "expected an archive to inflate to at most " +
                             std::to_string(limits::kLayerRatio) + " times its size and found " +
                             std::to_string(passed_) + " bytes from " + std::to_string(read_)};
        }
        return sink_(bytes);
    }

    Reader& source_;
    const Sink& sink_;
    std::unique_ptr<compress::Decompressor> inflate_;
    std::unique_ptr<char[]> room_;
    std::uint64_t read_ = 0;
    std::uint64_t passed_ = 0;
};

} // namespace

Status inflate(Reader& source, const Sink& sink) {
    return Inflation(source, sink).run();
}

Status check_diff_ids(BlobSource& source, const StoredManifest& image) {
    BULLA_TRY_ASSIGN(const Manifest manifest,
                     parse_manifest(image.bytes, image.descriptor.media_type));
    BULLA_TRY_ASSIGN(const ImageConfig config, fetch_image_config(source, manifest));
    for (std::size_t i = 0; i < manifest.layers.size(); ++i) {
        const Descriptor& layer = manifest.layers[i];
        if (i >= config.diff_ids.size() || layer.digest == config.diff_ids[i]) {
            continue;
        }
        BULLA_TRY_ASSIGN(auto stream, source.open_blob(layer));
        VerifyingReader blob(std::move(stream), layer);
        crypto::Hasher hasher(config.diff_ids[i].algorithm());
        auto status = inflate(blob, [&](ByteView bytes) {
            hasher.update(bytes);
            return ok();
        });
        if (!status) {
            return std::move(status.error()).with("layer", layer.digest.to_string());
        }
        const Digest found = hasher.finish_digest();
        if (found != config.diff_ids[i]) {
            return Error{ErrorCode::integrity,
                         "a layer's inflated bytes do not have the diff_id that the image's "
                         "configuration gives"}
                .with("expected", config.diff_ids[i].to_string())
                .with("found", found.to_string())
                .with("layer", layer.digest.to_string());
        }
    }
    return ok();
}

} // namespace bulla::oci
