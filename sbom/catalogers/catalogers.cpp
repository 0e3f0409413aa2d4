// SPDX-License-Identifier: Apache-2.0
#include "sbom/catalogers/catalogers.hpp"

#include "sbom/catalogers/merge.hpp"
#include "sbom/catalogers/parallel.hpp"

#include <algorithm>

namespace bulla::sbom {
namespace {

constexpr std::array<CatalogerFactory, 9> kCatalogers{
    make_os_release_cataloger,
    make_apk_cataloger,
    make_dpkg_cataloger,
    make_go_binary_cataloger,
    make_java_cataloger,
    make_npm_cataloger,
    make_python_cataloger,
    make_rpm_cataloger,
    make_rust_binary_cataloger,
};

struct Job {
    std::unique_ptr<const Cataloger> cataloger;
    Findings findings;
    Status status;
};

/// Runs jobs[1..] with at most `context.jobs` at a time.
void run_jobs(std::vector<Job>& jobs, const FileView& view, const CatalogContext& context) {
    for_each_index(jobs.size() - 1, context.jobs, [&](std::size_t i) {
        Job& job = jobs[i + 1];
        job.status = job.cataloger->catalog(view, context, job.findings);
    });
}

/// Asks the operating system's catalogers who installed the evidence of language packages.
Status find_owners(const std::vector<Job>& jobs, const FileView& view, Merger& merger) {
    const OwnershipQuery query(view, merger.language_evidence());
    if (query.is_empty()) {
        return ok();
    }
    for (std::size_t i = 0; i < jobs.size(); ++i) {
        BULLA_TRY(jobs[i].cataloger->find_owners(
            view, jobs[i].findings, query, [&](std::uint32_t owner, std::uint32_t path) {
                merger.add_owner(i, owner, path);
            }));
    }
    return ok();
}

} // namespace

std::span<const CatalogerFactory> cataloger_factories() {
    return kCatalogers;
}

Wants all_wants() {
    Wants wants;
    wants.version = "catalogers";
    for (const CatalogerFactory make : kCatalogers) {
        const auto cataloger = make();
        wants.version += ' ';
        wants.version += cataloger->id();
        wants.version += '/';
        wants.version += std::to_string(cataloger->version());
        auto patterns = cataloger->patterns();
        std::move(patterns.begin(), patterns.end(), std::back_inserter(wants.patterns));
        for (const walk::ScannerKind& scanner : cataloger->scanners()) {
            const bool known = std::ranges::any_of(
                wants.scanners, [&](const auto& other) { return other.id == scanner.id; });
            if (!known) {
                wants.scanners.push_back(scanner);
            }
        }
    }
    return wants;
}

Result<Sbom> catalog(const FileView& view, SbomSubject subject, const CatalogOptions& options) {
    std::vector<Job> jobs;
    for (const CatalogerFactory make : kCatalogers) {
        jobs.push_back({make(), {}, {}});
    }
    CatalogContext context;
    context.jobs = std::max(1U, options.jobs);
    BULLA_TRY(jobs[0].cataloger->catalog(view, context, jobs[0].findings));
    context.distribution = jobs[0].findings.distribution;
    run_jobs(jobs, view, context);

    Merger merger;
    for (Job& job : jobs) {
        if (!job.status) {
            return std::move(job.status.error())
                .with("cataloger", std::string(job.cataloger->id()));
        }
        merger.add(job.findings);
    }
    BULLA_TRY(find_owners(jobs, view, merger));
    Sbom sbom = merger.finish();
    sbom.subject = std::move(subject);
    std::sort(sbom.subject.labels.begin(), sbom.subject.labels.end());
    sbom.layers = view.layers();
    sbom.distribution = std::move(context.distribution);
    return sbom;
}

} // namespace bulla::sbom
