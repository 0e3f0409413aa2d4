// SPDX-License-Identifier: Apache-2.0
#include "oci/archive/made_image.hpp"

#include "base/compress/decompressor.hpp"
#include "base/core/limits.hpp"
#include "base/core/text.hpp"
#include "base/crypto/hasher.hpp"
#include "base/json/writer.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <optional>

namespace bulla::oci {

namespace {

constexpr std::string_view kTar = "application/vnd.oci.image.layer.v1.tar";

Error in_archive(Error error, const ArchiveFile& archive, std::string_view member) {
    return std::move(error)
        .with("archive", text::printable(archive.path()))
        .with("member", text::printable(member));
}

/// The digest that a config's name promises, if it promises one.
std::optional<std::string_view> promised_hex(std::string_view name) {
    for (const std::string_view prefix : {"blobs/sha256/", "sha256:"}) {
        if (name.starts_with(prefix)) {
            name.remove_prefix(prefix.size());
        }
    }
    if (name.ends_with(".json")) {
        name.remove_suffix(std::string_view(".json").size());
    }
    return is_docker_id(name) ? std::optional(name) : std::nullopt;
}

Result<Digest> hash_member(const ArchiveFile& archive, const std::string& name) {
    BULLA_TRY_ASSIGN(BlobFile file, archive.open_member(name));
    const auto reader = make_reader(std::move(file), name);
    constexpr std::size_t kBlock = 256 * limits::kKiB;
    const auto block = std::make_unique_for_overwrite<char[]>(kBlock);
    crypto::Hasher hasher(HashAlgorithm::sha256);
    while (true) {
        BULLA_TRY_ASSIGN(const std::size_t count, reader->read(std::span(block.get(), kBlock)));
        if (count == 0) {
            return hasher.finish_digest();
        }
        hasher.update(ByteView(block.get(), count));
    }
}

Result<compress::Compression> compression_of(const ArchiveFile& archive, const std::string& name) {
    BULLA_TRY_ASSIGN(BlobFile file, archive.open_member(name));
    const auto reader = make_reader(std::move(file), name);
    std::array<char, 8> start{};
    BULLA_TRY_ASSIGN(const std::size_t count, reader->read(start));
    return compress::detect(ByteView(start.data(), count));
}

/// A layer as it is stored, and the digest that its bytes will be checked against.
Result<Descriptor>
describe_layer(const ArchiveFile& archive, const std::string& name, const Digest& diff_id) {
    BULLA_TRY_ASSIGN(const auto compression, compression_of(archive, name));
    BULLA_TRY_ASSIGN(const BlobFile file, archive.open_member(name));
    std::string type(kTar);
    if (compression == compress::Compression::none) {
        return Descriptor{.media_type = std::move(type), .digest = diff_id, .size = file.size};
    }
    if (compression != compress::Compression::gzip && compression != compress::Compression::zstd) {
        return in_archive(Error{ErrorCode::unsupported,
                                "a layer is compressed with " +
                                    std::string(compress::to_string(compression)) +
                                    ", which container runtimes do not read"},
                          archive,
                          name);
    }
    // As a blob of a layout it has its digest for a name; whoever reads it compares.
    constexpr std::string_view kBlobs = "blobs/sha256/";
    auto digest = name.starts_with(kBlobs) ? Digest::parse("sha256:" + name.substr(kBlobs.size()))
                                           : hash_member(archive, name);
    BULLA_TRY(digest);
    type += "+" + std::string(compress::to_string(compression));
    return Descriptor{
        .media_type = std::move(type), .digest = std::move(*digest), .size = file.size};
}

Result<MadeImage> assemble(const ArchiveFile& archive,
                           Descriptor config,
                           const std::vector<Digest>& diff_ids,
                           const std::vector<std::string>& layers) {
    std::map<Digest, MadeImage::Content> blobs;
    Manifest manifest{.media_type = std::string(media_type::kManifest),
                      .config = std::move(config)};
    for (std::size_t i = 0; i < layers.size(); ++i) {
        BULLA_TRY_ASSIGN(Descriptor layer, describe_layer(archive, layers[i], diff_ids[i]));
        blobs.insert_or_assign(layer.digest, MadeImage::Content{.member = layers[i]});
        manifest.layers.push_back(std::move(layer));
    }
    Bytes bytes = encode(manifest);
    Descriptor descriptor = describe(manifest.media_type, bytes);
    return MadeImage{{std::move(descriptor), std::move(bytes)}, std::move(blobs)};
}

/// The chain of an old image, base first.
Result<std::vector<DockerLayer>> read_chain(const ArchiveFile& archive, std::string id) {
    std::vector<DockerLayer> chain;
    while (!id.empty()) {
        if (chain.size() == limits::kLayers) { // parents that go round in a circle end here too
            return Error{ErrorCode::limit_exceeded,
                         "the image has more than " + std::to_string(limits::kLayers) + " layers"}
                .with("archive", text::printable(archive.path()));
        }
        const std::string name = id + "/json";
        BULLA_TRY_ASSIGN(const Bytes bytes, archive.read_member(name, limits::kConfigBytes));
        auto layer = parse_docker_layer(bytes);
        if (!layer) {
            return in_archive(std::move(layer.error()), archive, name);
        }
        if (layer->id != id) {
            return in_archive(
                Error{ErrorCode::malformed, "a layer's json has another id than its folder"},
                archive,
                name);
        }
        id = layer->parent;
        chain.push_back(std::move(*layer));
    }
    std::ranges::reverse(chain);
    return chain;
}

/// The configuration that Docker 1.10 would have made of the chain's topmost layer.
Bytes make_config(const DockerLayer& top, const std::vector<Digest>& diff_ids) {
    json::Writer out;
    out.begin_object();
    out.optional_member("architecture", top.architecture);
    out.optional_member("variant", top.variant);
    out.member("os", top.os.empty() ? "linux" : top.os);
    out.optional_member("created", top.created);
    if (!top.settings.empty()) {
        out.key("config").raw(top.settings);
    }
    out.key("rootfs").begin_object().member("type", "layers").key("diff_ids").begin_array();
    for (const Digest& diff_id : diff_ids) {
        out.string(diff_id.to_string());
    }
    out.end_array().end_object().end_object();
    return out.finish();
}

} // namespace

Result<Digest> digest_of_config(const std::string& name, ByteView bytes) {
    const Digest digest = crypto::digest(bytes);
    const auto promised = promised_hex(name);
    if (promised && *promised != digest.hex()) {
        return Error{ErrorCode::integrity, "an image's config does not have the digest of its name"}
            .with("expected", "sha256:" + std::string(*promised))
            .with("found", digest.to_string());
    }
    return digest;
}

Result<MadeImage> make_image(const ArchiveFile& archive, const DockerImage& image) {
    BULLA_TRY_ASSIGN(Bytes bytes, archive.read_member(image.config, limits::kConfigBytes));
    auto digest = digest_of_config(image.config, bytes);
    if (!digest) {
        return in_archive(std::move(digest.error()), archive, image.config);
    }
    const auto config = parse_image_config(bytes);
    if (!config) {
        return in_archive(Error(config.error()), archive, image.config);
    }
    if (config->diff_ids.size() != image.layers.size()) {
        return in_archive(Error{ErrorCode::malformed,
                                "manifest.json gives the image " +
                                    std::to_string(image.layers.size()) +
                                    " layers and its config " +
                                    std::to_string(config->diff_ids.size()) + " diff_ids"},
                          archive,
                          image.config);
    }
    BULLA_TRY_ASSIGN(MadeImage out,
                     assemble(archive,
                              describe(std::string(media_type::kConfig), bytes),
                              config->diff_ids,
                              image.layers));
    out.blobs.insert_or_assign(*digest, MadeImage::Content{.member = image.config});
    out.manifest.origin = ManifestOrigin::made;
    return out;
}

Result<MadeImage> make_image_of_layers(const ArchiveFile& archive, const std::string& id) {
    BULLA_TRY_ASSIGN(const auto chain, read_chain(archive, id));
    std::vector<std::string> layers;
    std::vector<Digest> diff_ids;
    for (const DockerLayer& layer : chain) {
        layers.push_back(layer.id + "/layer.tar");
        BULLA_TRY_ASSIGN(const auto compression, compression_of(archive, layers.back()));
        if (compression != compress::Compression::none) {
            return in_archive(
                Error{ErrorCode::unsupported,
                      "a layer of an archive without manifest.json is compressed, and no "
                      "version of Docker wrote that"},
                archive,
                layers.back());
        }
        BULLA_TRY_ASSIGN(Digest diff_id, hash_member(archive, layers.back()));
        diff_ids.push_back(std::move(diff_id));
    }
    Bytes config = make_config(chain.back(), diff_ids);
    BULLA_TRY_ASSIGN(
        MadeImage out,
        assemble(archive, describe(std::string(media_type::kConfig), config), diff_ids, layers));
    const Digest digest = crypto::digest(config);
    out.blobs.insert_or_assign(digest, MadeImage::Content{.bytes = std::move(config)});
    out.manifest.origin = ManifestOrigin::made_with_config;
    return out;
}

} // namespace bulla::oci
