// SPDX-License-Identifier: Apache-2.0
#include "sbom/catalogers/cataloger.hpp"
#include "sbom/catalogers/parallel.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/memory_file_view.hpp"

#include <atomic>
#include <stdexcept>
#include <vector>

using namespace bulla;

TEST_CASE("parallel: every number is worked on once, however many threads there are",
          "[sbom][parallel]") {
    const unsigned threads = GENERATE(0U, 1U, 3U, 200U);
    std::vector<std::atomic<int>> calls(100);
    sbom::for_each_index(calls.size(), threads, [&](std::size_t i) { ++calls[i]; });
    for (std::size_t i = 0; i < calls.size(); ++i) {
        CAPTURE(threads, i);
        CHECK(calls[i] == 1);
    }
    sbom::for_each_index(0, threads, [&](std::size_t i) { ++calls.at(i); });
    CHECK(calls[0] == 1);
}

TEST_CASE("parallel: what a call throws reaches the caller", "[sbom][parallel]") {
    const unsigned threads = GENERATE(1U, 4U);
    CHECK_THROWS_AS(sbom::for_each_index(10,
                                         threads,
                                         [](std::size_t i) {
                                             if (i == 5) {
                                                 throw std::runtime_error("five");
                                             }
                                         }),
                    std::runtime_error);
}

TEST_CASE("ownership: a recorded name is compared whole, of whatever length",
          "[sbom][catalogers]") {
    test::MemoryFileView view;
    for (const auto* path : {"a/x", "b/xx", "c/METADATA", "c/DATA"}) {
        view.add(path, "");
    }
    const sbom::OwnershipQuery query(view, {"a/x", "b/xx", "c/METADATA"});
    CHECK(query.find("a/x") == 0U);
    CHECK(query.find("b/xx") == 1U);
    CHECK(query.find("c/METADATA") == 2U);
    CHECK_FALSE(query.find("c/DATA"));
    CHECK_FALSE(query.find("b/x"));
    CHECK_FALSE(query.find(""));
    CHECK(query.may_match("x"));
    CHECK_FALSE(query.may_match("yx"));
}
