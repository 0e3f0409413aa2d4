// SPDX-License-Identifier: Apache-2.0
#include "oci/store/layout_repository.hpp"
#include "oci/store/repository.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/memory_repository.hpp"
#include "tests/support/passing_repository.hpp"
#include "tests/support/temp_dir.hpp"

#include <algorithm>
#include <chrono>
#include <set>
#include <thread>

namespace bulla::oci {
namespace {

using test::error_of;
using test::MemoryRepository;
using test::Passing;
using test::value_of;
using strings = std::set<std::string>;

const std::string kTag = "shared";

/// A writer's part of the shared tag: a layer with its name as content. The config differs with
/// each set of layers, as that of cosign's older tags does.
class Part {
  public:
    explicit Part(std::string name) : name_(std::move(name)) {}

    Result<std::optional<TagContent>> operator()(const StoredManifest* current) {
        Manifest manifest{.media_type = std::string(media_type::kManifest),
                          .config = describe(std::string(media_type::kConfig), "")};
        if (current != nullptr) {
            BULLA_TRY_ASSIGN(manifest,
                             parse_manifest(current->bytes, current->descriptor.media_type));
        }
        const Descriptor layer = describe("a/b", name_);
        const bool there = std::ranges::any_of(
            manifest.layers, [&](const Descriptor& other) { return other.digest == layer.digest; });
        if (there) {
            return std::optional<TagContent>();
        }
        manifest.layers.push_back(layer);
        config_ = "config";
        for (const Descriptor& one : manifest.layers) {
            config_ += one.digest.hex();
        }
        manifest.config = describe(std::string(media_type::kConfig), config_);
        Bytes bytes = encode(manifest);
        Descriptor descriptor = describe(std::string(media_type::kManifest), bytes);
        return std::optional(TagContent{{std::move(descriptor), std::move(bytes)},
                                        {{layer, name_}, {manifest.config, config_}}});
    }

  private:
    std::string name_;
    std::string config_;
};

Status add(Repository& repository, const std::string& name) {
    Part part(name);
    BULLA_TRY(repository.update_tag(kTag, [&](const auto* current) { return part(current); }));
    return ok();
}

/// What the writers whose parts the tag holds are called.
strings parts_of(Repository& repository) {
    const StoredManifest stored = value_of(repository.fetch_tag(kTag));
    const Manifest manifest = value_of(parse_manifest(stored.bytes, stored.descriptor.media_type));
    strings out;
    for (const Descriptor& layer : manifest.layers) {
        out.insert(value_of(fetch_blob(repository, layer, 100, "a part")));
    }
    return out;
}

/// Stores another writer's part alone, as one does who had read nothing.
void overwrite(Repository& repository, const std::string& name) {
    Part part(name);
    const auto content = value_of(part(nullptr));
    value_of(put_blobs(repository, content->blobs));
    value_of(repository.put_manifest(content->manifest, kTag));
}

/// Counts, and plays another writer at chosen moments.
class Watched final : public Passing {
  public:
    using Passing::Passing;

    std::set<int> overwritten_before_look{}; ///< numbers of looks, from 1
    std::set<int> added_before_look{};
    int looks = 0;
    int writes = 0;

    /// Of its own: the other writer is another process, and not kept out by our lock.
    std::string name() const override { return "watched"; }

    Result<StoredManifest> fetch_tag(std::string_view tag) override {
        ++looks;
        if (overwritten_before_look.contains(looks)) {
            overwrite(inner_, "other " + std::to_string(looks));
        }
        if (added_before_look.contains(looks)) {
            value_of(add(inner_, "other " + std::to_string(looks)));
        }
        return inner_.fetch_tag(tag);
    }

    Status put_manifest(const StoredManifest& manifest, std::string_view tag) override {
        ++writes;
        return inner_.put_manifest(manifest, tag);
    }
};

TEST_CASE("shared tag: an undisturbed writer reads, writes once and looks once", "[oci][store]") {
    MemoryRepository memory;
    Watched watched(memory);
    value_of(add(watched, "ours"));
    CHECK(parts_of(memory) == strings{"ours"});
    CHECK(watched.writes == 1);
    CHECK(watched.looks == 3); // before, after the blobs were stored, and after the write
    value_of(add(watched, "ours"));
    CHECK(watched.writes == 1);
    CHECK(watched.looks == 4);
}

TEST_CASE("shared tag: a part that was overwritten is added to what the other writer left",
          "[oci][store]") {
    MemoryRepository memory;
    Watched watched(memory);
    watched.overwritten_before_look = {3};
    value_of(add(watched, "ours"));
    CHECK(parts_of(memory) == strings{"ours", "other 3"});
    CHECK(watched.writes == 2);
}

TEST_CASE("shared tag: once others are known to write, an overwriting after the first look is "
          "noticed by the second",
          "[oci][store]") {
    MemoryRepository memory;
    Watched watched(memory);
    // 3: the look after the first write finds ours gone; 4 and 5: before the second write; 6: it is
    // there; 7: somebody who was slow has overwritten it.
    watched.overwritten_before_look = {3, 7};
    value_of(add(watched, "ours"));
    CHECK(watched.writes == 3);
    CHECK(parts_of(memory) == strings{"ours", "other 7"});
}

TEST_CASE("shared tag: a part added on top of ours announces others, and ours is looked for again",
          "[oci][store]") {
    MemoryRepository memory;
    Watched watched(memory);
    watched.added_before_look = {3};
    watched.overwritten_before_look = {4};
    value_of(add(watched, "ours"));
    CHECK(watched.writes == 2);
    CHECK(parts_of(memory) == strings{"ours", "other 4"});
}

TEST_CASE("shared tag: a reading that became old while blobs were stored is not written",
          "[oci][store]") {
    MemoryRepository memory;
    Watched watched(memory);
    watched.added_before_look = {2};
    value_of(add(watched, "ours"));
    CHECK(watched.writes == 1);
    CHECK(parts_of(memory) == strings{"ours", "other 2"});
}

TEST_CASE("shared tag: whoever is overwritten every time is told", "[oci][store]") {
    MemoryRepository memory;
    Watched watched(memory);
    for (int look = 3; look < 200; look += 3) { // the one after each write
        watched.overwritten_before_look.insert(look);
    }
    CHECK(error_of(add(watched, "ours")).code == ErrorCode::unavailable);
    CHECK(watched.writes > 5);
}

TEST_CASE("shared tag: what cannot be read is not written", "[oci][store]") {
    class Throttled final : public Passing {
      public:
        using Passing::Passing;

        Result<StoredManifest> fetch_tag(std::string_view) override {
            return Error{ErrorCode::unavailable, "429"};
        }
    };

    MemoryRepository memory;
    Throttled throttled(memory);
    CHECK(error_of(add(throttled, "ours")).code == ErrorCode::unavailable);
    CHECK(memory.manifest_count() == 0);
}

constexpr std::chrono::microseconds kMoment{500};

/// Each writer has a repository object of its own, under a name of its own, so that nothing but the
/// repository is shared.
template <class Open> void write_at_once(int writers, Open open) {
    std::vector<std::thread> threads;
    std::vector<Status> outcomes(static_cast<std::size_t>(writers));
    for (int i = 0; i < writers; ++i) {
        threads.emplace_back([&, i] {
            const auto repository = open(i);
            outcomes[static_cast<std::size_t>(i)] = add(*repository, std::to_string(i));
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    for (Status& outcome : outcomes) {
        value_of(std::move(outcome));
    }
}

TEST_CASE("shared tag: writers at the same time lose nothing in a repository that keeps nobody out",
          "[oci][store]") {
    /// Takes a moment for each answer, as a registry does.
    class Slow final : public Passing {
      public:
        Slow(Repository& inner, int number) : Passing(inner), number_(number) {}

        std::string name() const override { return "slow/" + std::to_string(number_); }

        Result<StoredManifest> fetch_tag(std::string_view tag) override {
            std::this_thread::sleep_for(kMoment);
            return inner_.fetch_tag(tag);
        }

        Status put_manifest(const StoredManifest& manifest, std::string_view tag) override {
            std::this_thread::sleep_for(kMoment);
            return inner_.put_manifest(manifest, tag);
        }

      private:
        int number_;
    };

    MemoryRepository memory;
    write_at_once(4, [&](int number) { return std::make_unique<Slow>(memory, number); });
    CHECK(parts_of(memory) == strings{"0", "1", "2", "3"});
}

TEST_CASE("shared tag: writers at the same time lose nothing in a layout", "[oci][layout]") {
    const test::TempDir dir;
    const std::string folder = dir.file("l");
    value_of(create_or_open_layout(folder));
    write_at_once(6, [&](int) { return value_of(open_layout(folder)); });
    CHECK(parts_of(*value_of(open_layout(folder))) == strings{"0", "1", "2", "3", "4", "5"});
}

} // namespace
} // namespace bulla::oci
