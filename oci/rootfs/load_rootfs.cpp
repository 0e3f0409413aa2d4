// SPDX-License-Identifier: Apache-2.0
#include "oci/rootfs/load_rootfs.hpp"

#include "base/core/text.hpp"
#include "oci/store/blob_pump.hpp"

#include <algorithm>
#include <atomic>
#include <map>
#include <numeric>
#include <optional>
#include <thread>
#include <vector>

namespace bulla::oci {

namespace {

/// Progress that nobody sees until there is some: a cached layer is no work.
class LazyTask final : public ProgressTask {
  public:
    LazyTask(ProgressSink& sink, std::string name, std::uint64_t total_bytes)
        : sink_(sink), name_(std::move(name)), total_bytes_(total_bytes) {}

    void advance(std::uint64_t bytes) override {
        if (!task_) {
            task_ = sink_.begin(name_, total_bytes_);
        }
        task_->advance(bytes);
    }

  private:
    ProgressSink& sink_;
    std::string name_;
    std::uint64_t total_bytes_;
    std::unique_ptr<ProgressTask> task_;
};

class Loader {
  public:
    Loader(BlobSource& source,
           const Manifest& manifest,
           const ImageConfig& config,
           LayerReader& reader,
           const LoadOptions& options,
           ProgressSink& progress)
        : source_(source), manifest_(manifest), config_(config), reader_(reader), options_(options),
          progress_(progress), facts_(manifest.layers.size()) {}

    /// Reads the layers of these indexes with one router.
    Status read_layers(std::vector<std::size_t> indexes, const walk::EntryRouter& router);

    /// Merges everything read so far. The tree takes the facts; `take_back` returns them for
    /// another round.
    Result<MergedRootfs> merge(const walk::EntryRouter& router);
    void take_back(MergedRootfs tree);

  private:
    Result<walk::LayerFacts> read_layer(std::size_t index, const walk::EntryRouter& router);
    Result<walk::LayerFacts> read_guarded(std::size_t index,
                                          const walk::EntryRouter& router) noexcept;
    std::string describe_layer(std::size_t index) const;

    BlobSource& source_;
    const Manifest& manifest_;
    const ImageConfig& config_;
    LayerReader& reader_;
    const LoadOptions& options_;
    ProgressSink& progress_;
    std::vector<std::optional<walk::LayerFacts>> facts_;
};

std::string Loader::describe_layer(std::size_t index) const {
    return "layer " + std::to_string(index + 1) + "/" + std::to_string(manifest_.layers.size()) +
           " " + manifest_.layers[index].digest.to_string().substr(0, 19);
}

Result<walk::LayerFacts> Loader::read_layer(std::size_t index, const walk::EntryRouter& router) {
    const Descriptor& layer = manifest_.layers[index];
    std::unique_ptr<BlobPump> pump;
    const auto open_blob = [&](LayerJob& job) -> Status {
        BULLA_TRY_ASSIGN(BlobFile found, source_.open_blob_file(layer));
        job.blob = std::move(found.file);
        job.blob_offset = found.offset;
        if (job.blob.is_open()) {
            return ok();
        }
        BULLA_TRY_ASSIGN(auto stream, source_.open_blob(layer));
        BULLA_TRY_ASSIGN(pump, BlobPump::start(std::move(stream)));
        job.blob = pump->take_descriptor();
        return ok();
    };
    LayerJob job{.blob = FileDescriptor(),
                 .blob_digest = layer.digest,
                 .blob_size = layer.size,
                 .diff_id = config_.diff_ids[index],
                 .diff_id_check = options_.diff_id_check};
    NullLogger nobody;
    Logger& logger = options_.logger != nullptr ? *options_.logger : nobody;
    LazyTask task(progress_, describe_layer(index), layer.size);
    auto facts = read_layer_cached(
        {options_.cache, reader_, router, logger}, std::move(job), open_blob, task);
    if (!facts && pump) {
        // What the job saw as a blob cut short may be a connection that broke: the cause is the
        // better message.
        BULLA_TRY(pump->finish());
    }
    return facts;
}

/// read_layer for a thread, which no exception may leave.
Result<walk::LayerFacts> Loader::read_guarded(std::size_t index,
                                              const walk::EntryRouter& router) noexcept {
    try {
        return read_layer(index, router);
    } catch (const std::exception& failure) { // std::bad_alloc
        return Error{ErrorCode::internal, failure.what()};
    }
}

Status Loader::read_layers(std::vector<std::size_t> indexes, const walk::EntryRouter& router) {
    // The largest first, so that no worker is left alone with it at the end.
    std::ranges::sort(indexes, [&](std::size_t a, std::size_t b) {
        const auto key = [&](std::size_t i) {
            return std::pair(manifest_.layers[i].size, -static_cast<long>(i));
        };
        return key(a) > key(b);
    });
    std::vector<std::optional<Error>> errors(manifest_.layers.size());
    std::atomic<std::size_t> next{0};
    std::atomic<bool> failed{false};
    const auto work = [&] {
        for (std::size_t turn = next++; turn < indexes.size() && !failed; turn = next++) {
            const std::size_t index = indexes[turn];
            auto facts = read_guarded(index, router);
            if (facts) {
                facts_[index].emplace(std::move(*facts));
            } else {
                errors[index] = std::move(facts.error());
                failed = true;
            }
        }
    };
    const std::size_t workers = std::min<std::size_t>(options_.jobs, indexes.size());
    {
        std::vector<std::jthread> others;
        try {
            for (std::size_t i = 1; i < workers; ++i) {
                others.emplace_back(work);
            }
        } catch (const std::system_error&) {
            // No more threads to be had: those there are do the work.
        }
        work();
    }
    for (auto& error : errors) {
        if (error) {
            return std::move(*error);
        }
    }
    return ok();
}

Result<MergedRootfs> Loader::merge(const walk::EntryRouter& router) {
    std::vector<walk::LayerFacts> layers;
    std::vector<std::string> names;
    layers.reserve(facts_.size());
    names.reserve(facts_.size());
    for (std::size_t i = 0; i < facts_.size(); ++i) {
        layers.push_back(std::move(*facts_[i]));
        facts_[i].reset();
        names.push_back(config_.diff_ids[i].to_string());
    }
    std::vector<std::string> scanners;
    for (const auto& scanner : router.scanners()) {
        scanners.emplace_back(scanner.id);
    }
    return MergedRootfs::merge(std::move(layers), std::move(names), std::move(scanners));
}

void Loader::take_back(MergedRootfs tree) {
    auto layers = std::move(tree).release_layers();
    for (std::size_t i = 0; i < layers.size(); ++i) {
        facts_[i].emplace(std::move(layers[i]));
    }
}

Status check_layers(const Manifest& manifest, const ImageConfig& config) {
    if (manifest.layers.size() != config.diff_ids.size()) {
        return Error{ErrorCode::malformed,
                     "the manifest has " + std::to_string(manifest.layers.size()) +
                         " layers and its config names " + std::to_string(config.diff_ids.size()) +
                         " diff_ids"}
            .with_hint("the image is inconsistent: push it again with the tool that built it");
    }
    Error refusal{ErrorCode::unsupported,
                  "the image has layers that are not readable file archives"};
    for (std::size_t i = 0; i < manifest.layers.size(); ++i) {
        const Descriptor& layer = manifest.layers[i];
        const auto kind = media_type::layer_kind(layer.media_type);
        if (kind == media_type::LayerKind::encrypted || kind == media_type::LayerKind::unknown) {
            refusal = std::move(refusal).with("layer " + std::to_string(i + 1),
                                              text::printable(layer.media_type));
        }
    }
    if (!refusal.context.empty()) {
        return refusal;
    }
    return ok();
}

/// The missing paths of each layer, without doubles.
std::map<std::uint32_t, std::vector<walk::RequiredPath>>
by_layer(std::vector<MissingContent> missing) {
    std::map<std::uint32_t, std::vector<walk::RequiredPath>> paths;
    for (auto& item : missing) {
        paths[item.layer].push_back(std::move(item.required));
    }
    for (auto& [layer, list] : paths) {
        std::ranges::sort(list);
        list.erase(std::ranges::unique(list).begin(), list.end());
    }
    return paths;
}

} // namespace

Result<MergedRootfs> load_rootfs(BlobSource& source,
                                 const Manifest& manifest,
                                 const ImageConfig& config,
                                 const walk::RouterSpec& wanted,
                                 LayerReader& reader,
                                 const LoadOptions& options,
                                 ProgressSink& progress) {
    BULLA_TRY(check_layers(manifest, config));
    BULLA_TRY_ASSIGN(const auto router, walk::EntryRouter::compile(wanted));
    Loader loader(source, manifest, config, reader, options, progress);
    std::vector<std::size_t> all(manifest.layers.size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    BULLA_TRY(loader.read_layers(all, router));
    BULLA_TRY_ASSIGN(MergedRootfs tree, loader.merge(router));

    const auto missing = by_layer(tree.missing_content(router));
    if (missing.empty()) {
        return tree;
    }
    loader.take_back(std::move(tree));
    for (const auto& [layer, paths] : missing) {
        BULLA_TRY_ASSIGN(const auto wider, walk::EntryRouter::compile(wanted, paths));
        BULLA_TRY(loader.read_layers({layer}, wider));
    }
    return loader.merge(router);
}

} // namespace bulla::oci
