// SPDX-License-Identifier: Apache-2.0
// The measurement behind docs/adr/0004-tar-reader.md: the same archive walked by libarchive and by
// us. The only place that includes libarchive's header.
#include "base/archive/tar_walker.hpp"
#include "tests/support/tar_builder.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <benchmark/benchmark.h>

#include <memory>
#include <string>

namespace {

constexpr int kFiles = 60'000;
constexpr std::size_t kBlock = std::size_t{512} * 1024;

const std::string& archive_bytes() {
    static const std::string tar = [] {
        bulla::test::TarBuilder builder;
        for (int i = 0; i < kFiles; ++i) {
            const auto path = "usr/lib/package-" + std::to_string(i / 40) + "/lib/" +
                              std::to_string(i % 40) + ".js";
            builder.file(path, std::string(static_cast<std::size_t>(i % 1500), 'x'));
        }
        return builder.finish();
    }();
    return tar;
}

struct Input {
    bulla::ByteView rest;
    bulla::ByteView block;
};

la_ssize_t next_block(archive*, void* context, const void** block) {
    auto& input = *static_cast<Input*>(context);
    input.block = input.rest.substr(0, kBlock);
    input.rest.remove_prefix(input.block.size());
    *block = input.block.data();
    return static_cast<la_ssize_t>(input.block.size());
}

void by_libarchive(benchmark::State& state) {
    for (auto _ : state) {
        const std::unique_ptr<archive, int (*)(archive*)> reader(archive_read_new(),
                                                                 archive_read_free);
        archive_read_support_format_tar(reader.get());
        Input input{archive_bytes(), {}};
        archive_read_open(reader.get(), &input, nullptr, next_block, nullptr);
        archive_entry* entry = nullptr;
        std::size_t names = 0;
        while (archive_read_next_header(reader.get(), &entry) == ARCHIVE_OK) {
            names += std::string_view(archive_entry_pathname(entry)).size();
        }
        benchmark::DoNotOptimize(names);
    }
    state.SetItemsProcessed(state.iterations() * kFiles);
}

class Counter final : public bulla::archive::TarVisitor {
  public:
    std::size_t names = 0;

    bulla::Result<bulla::archive::ContentWish>
    entry(const bulla::archive::TarEntry& entry) override {
        names += entry.name.size();
        return bulla::archive::ContentWish::skip;
    }

    bulla::Status content(bulla::ByteView) override { return bulla::ok(); }

    bulla::Status content_end() override { return bulla::ok(); }

    void note(std::string) override {}
};

void by_tar_walker(benchmark::State& state) {
    for (auto _ : state) {
        Counter counter;
        bulla::archive::TarWalker walker(counter);
        for (bulla::ByteView rest = archive_bytes(); !rest.empty();) {
            const auto block = rest.substr(0, kBlock);
            rest.remove_prefix(block.size());
            if (!walker.feed(block)) {
                state.SkipWithError("refused");
            }
        }
        benchmark::DoNotOptimize(counter.names);
    }
    state.SetItemsProcessed(state.iterations() * kFiles);
}

BENCHMARK(by_libarchive)->Unit(benchmark::kMillisecond);
BENCHMARK(by_tar_walker)->Unit(benchmark::kMillisecond);

} // namespace

BENCHMARK_MAIN();
