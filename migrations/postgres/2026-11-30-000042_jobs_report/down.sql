DROP INDEX jobs_report;
