"""What the project is measured by: `python -m benchmarks` runs all of it and writes docs/benchmarks.md.

    reading    how well and how fast one page is read        python -m benchmarks.reading [pages]
    crawling   a whole crawl beside bare Scrapy, and memory  python -m benchmarks.crawling [--pages 500]
    fold       how fast lines become the catalog             python -m benchmarks.fold [articles]
    site       the generated site that is crawled            python -m benchmarks.site [pages]

Figures are ratios taken in one run on one machine, for those hold on others. Nothing here is a test.
"""
